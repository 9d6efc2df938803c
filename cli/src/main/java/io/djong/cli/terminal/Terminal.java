package io.djong.cli.terminal;

import io.djong.cli.program.Program;
import io.djong.model.Exempt;
import java.io.IOException;
import java.util.List;

/// The terminal this process runs in, in raw mode: every key is passed on as it is. Closing gives
/// it back as it was; so does the end of the JVM.
@Exempt(from = Exempt.Rule.PLATFORM_THREADS, because = "a shutdown hook must be a platform thread")
public final class Terminal implements AutoCloseable {
  private final String saved;
  private final Thread atExit;
  private boolean restored;

  private Terminal(String saved) {
    this.saved = saved;
    this.atExit = Thread.ofPlatform().unstarted(this::restore);
  }

  /// Makes the terminal on standard input raw.
  ///
  /// @throws IOException if standard input is no terminal
  public static Terminal raw() throws IOException {
    Terminal terminal = new Terminal(Program.outputOf("stty", "-g"));
    Runtime.getRuntime().addShutdownHook(terminal.atExit);
    Program.outputOf("stty", "raw", "-echo");
    return terminal;
  }

  /// Rows and columns.
  ///
  /// @throws IOException if standard input is no terminal
  public static List<Integer> size() throws IOException {
    String size = Program.outputOf("stty", "size");
    int blank = size.indexOf(' ');
    return List.of(
        Integer.valueOf(size.substring(0, blank)), Integer.valueOf(size.substring(blank + 1)));
  }

  @Override
  public void close() {
    restore();
  }

  private synchronized void restore() {
    if (!restored) {
      restored = true;
      try {
        Program.outputOf("stty", saved);
      } catch (IOException e) {
        System.err.print(
            "cannot restore the terminal (try: stty sane): " + e.getMessage() + "\r\n");
      }
    }
  }
}
