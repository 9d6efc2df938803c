package io.djong.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A process as `/proc/PID/stat` shows it (proc(5)).
///
/// @param state one letter; `Z` has ended and not been waited for
/// @param startTime in clock ticks after boot: with the number it names a process for as long as
///   the machine runs
public record ProcessStatus(int pid, String command, char state, int parent, long startTime) {
  /// @return empty if there is no such process
  public static Optional<ProcessStatus> of(int pid) throws IOException {
    String line;
    try {
      line =
          Files.readString(
              Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      // Reading an ended process's file gives ESRCH, which the JDK does not tell apart.
      if (Files.notExists(Path.of("/proc", Integer.toString(pid)))) {
        return Optional.empty();
      }
      throw e;
    }
    // The command may hold blanks and parentheses: it ends at the last one.
    int open = line.indexOf('(');
    int close = line.lastIndexOf(')');
    String[] fields = line.substring(close + 2).split(" ", -1);
    return Optional.of(
        new ProcessStatus(
            pid,
            line.substring(open + 1, close),
            fields[0].charAt(0),
            Integer.parseInt(fields[1]),
            Long.parseLong(fields[19])));
  }

  /// Whether it has not ended.
  public boolean alive() {
    return state != 'Z' && state != 'X';
  }
}
