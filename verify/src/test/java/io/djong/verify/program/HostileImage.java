package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An image of busybox and of what somebody who means no good puts beside it.
final class HostileImage {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> APPLETS =
      List.of(
          "cat", "echo", "grep", "head", "id", "ln", "ls", "mkdir", "mount", "pwd", "rm", "seq",
          "sh", "sleep", "stat", "sync", "test", "touch", "true", "usleep");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarWriter tar = new TarWriter(bytes);
  private final List<String> changes = new ArrayList<>();

  HostileImage() throws IOException {
    folder("bin");
    try (InputStream in = Files.newInputStream(BUSYBOX)) {
      tar.put(TarEntry.file("bin/busybox", 0755, Files.size(BUSYBOX), Instant.EPOCH), in);
    }
    for (String applet : APPLETS) {
      link("bin/" + applet, "busybox");
    }
  }

  HostileImage folder(String name) throws IOException {
    tar.put(TarEntry.folder(name, 0755, Instant.EPOCH));
    return this;
  }

  HostileImage link(String name, String target) throws IOException {
    tar.put(TarEntry.symlink(name, target, Instant.EPOCH));
    return this;
  }

  HostileImage file(String name, int permissions, String content) throws IOException {
    return file(name, permissions, 0, content.getBytes(UTF_8));
  }

  HostileImage file(String name, int permissions, int group, byte[] content) throws IOException {
    tar.put(
        TarEntry.file(name, permissions, content.length, Instant.EPOCH).withOwner(0, group),
        new ByteArrayInputStream(content));
    return this;
  }

  /// An instruction of a Dockerfile, such as `VOLUME /out`.
  HostileImage says(String instruction) {
    changes.add("--change");
    changes.add(instruction);
    return this;
  }

  /// Brings it to a daemon under this name.
  void on(LiveDaemon daemon, String name) throws IOException, InterruptedException {
    tar.close();
    List<String> command = new ArrayList<>(daemon.dockerCommand("import"));
    command.addAll(changes);
    command.addAll(List.of("-", name));
    Program.run(command, Map.of(), bytes.toByteArray(), null).ok();
  }
}
