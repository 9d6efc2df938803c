package io.djong.verify.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Lines in this machine's `/etc/subuid` and `/etc/subgid` for as long as it is open.
final class SubordinateIdLines implements AutoCloseable {
  private static final List<Path> FILES = List.of(Path.of("/etc/subuid"), Path.of("/etc/subgid"));

  private final List<String> lines;

  private SubordinateIdLines(List<String> lines) {
    this.lines = lines;
  }

  /// @param lines `USER:FIRST:COUNT`
  static SubordinateIdLines add(String... lines) throws IOException {
    for (Path file : FILES) {
      Files.write(file, List.of(lines), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    return new SubordinateIdLines(List.of(lines));
  }

  @Override
  public void close() throws IOException {
    for (Path file : FILES) {
      List<String> rest = new ArrayList<>(Files.readAllLines(file));
      lines.forEach(rest::remove);
      Files.write(file, rest);
    }
  }
}
