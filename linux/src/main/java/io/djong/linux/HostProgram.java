package io.djong.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A program for administrators that is fed commands and says a few words. It is looked for where
/// such programs are, not on the path of whoever started us. Safe for use by several threads.
final class HostProgram {
  static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

  private final String path;

  private HostProgram(String path) {
    this.path = path;
  }

  /// Null if it is not installed.
  static @Nullable HostProgram find(String name) {
    for (String folder : FOLDERS) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return new HostProgram(program.toString());
      }
    }
    return null;
  }

  /// The program beside it whose name goes on like this.
  HostProgram beside(String suffix) {
    return new HostProgram(path + suffix);
  }

  /// Runs it to its end.
  ///
  /// @return what it said
  /// @throws IOException with the program's own words if it fails
  String run(List<String> arguments, String input) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(path);
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // It reads all before it says a word, so neither side can wait for the other.
    try (OutputStream commands = process.getOutputStream()) {
      commands.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(Path.of(path).getFileName() + ": " + said.strip());
    }
    return said;
  }

  @Override
  public String toString() {
    return path;
  }
}
