package io.djong.cli.command;

import io.djong.api.BuildEvent;
import io.djong.cli.Console;
import java.io.IOException;

/// Shows how a build goes on. What it shows goes to standard error. For one thread.
interface BuildDisplay extends AutoCloseable {
  void take(BuildEvent event);

  /// Leaves nothing half drawn.
  @Override
  void close();

  /// @param progress `auto`, `plain`, `tty` or `quiet`
  static BuildDisplay of(String progress, Console console) throws IOException {
    return switch (progress) {
      case "plain" -> new PlainDisplay(console);
      case "tty" -> new TerminalDisplay(console);
      case "auto" -> console.redraws() ? new TerminalDisplay(console) : new PlainDisplay(console);
      default -> new Nothing();
    };
  }

  /// The first line of an instruction.
  static String title(String instruction) {
    int end = instruction.indexOf('\n');
    return end < 0 ? instruction : instruction.substring(0, end);
  }

  /// Shows nothing.
  final class Nothing implements BuildDisplay {
    @Override
    public void take(BuildEvent event) {}

    @Override
    public void close() {}
  }
}
