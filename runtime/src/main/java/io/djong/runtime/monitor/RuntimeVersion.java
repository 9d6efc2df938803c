package io.djong.runtime.monitor;

import io.djong.linux.DescriptorStream;
import io.djong.linux.Pipe;
import io.djong.linux.Poller;
import io.djong.linux.Spawn;
import io.djong.runtime.ContainerRuntime.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Asks an OCI runtime for its version.
final class RuntimeVersion {
  private RuntimeVersion() {}

  static Version of(OciRuntime runtime, Poller poller) throws IOException {
    String first = firstLine(runtime.program(), poller);
    String version = first.substring(first.lastIndexOf(' ') + 1);
    return new Version(runtime.name(), version);
  }

  /// `runc version 1.1.5`, `crun version 1.8.1`.
  private static String firstLine(Path runtime, Poller poller) throws IOException {
    // stdout of a child is the null device, so a shell moves it to the pipe at 3.
    List<String> command =
        List.of("/bin/sh", "-c", "exec \"$0\" --version >&3", runtime.toString());
    try (Pipe pipe = Pipe.fromChild(poller)) {
      new Spawn(command, Map.of(), null, null, List.of(pipe.output())).start(poller);
      pipe.output().close();
      return line(pipe.input());
    }
  }

  private static String line(DescriptorStream input) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] bytes = new byte[4096];
    for (int n = input.read(bytes, 0, bytes.length); n > 0; n = input.read(bytes, 0, 4096)) {
      text.write(bytes, 0, n);
    }
    return text.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("unknown");
  }
}
