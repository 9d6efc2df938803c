package io.djong.runtime;

import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The host's `ps(1)`: it reads the host's `/proc`, so nothing of a container is run. Safe for use
/// by several threads.
public final class HostPs {
  private final Path program;

  /// @param program absolute
  public HostPs(Path program) {
    this.program = program;
  }

  /// What `ps` writes for these arguments.
  ///
  /// @throws Fault.Failed if it refuses them, in its words
  public String list(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8", "PATH", "/usr/bin:/bin"));
    Process process = builder.start();
    process.getOutputStream().close();
    String text;
    try (InputStream output = process.getInputStream()) {
      text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (process.waitFor() != 0) {
      // What follows is its help.
      String first = text.lines().findFirst().orElse("").strip();
      throw new Fault.Failed("ps: " + first);
    }
    return text;
  }
}
