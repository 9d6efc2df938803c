package io.djong.cli;

import io.djong.cli.flag.Flags;
import java.io.IOException;

/// One verb of the command line.
public interface Command {
  /// What the help says, and how many arguments there may be.
  Synopsis synopsis();

  /// Adds the flags that this command has.
  default void declare(Flags flags) {}

  /// Whether everything after the first argument belongs to that argument, as in `run IMAGE -x`.
  default boolean endsFlagsAtFirstArgument() {
    return false;
  }

  /// Does it.
  ///
  /// @return the program's exit code
  /// @throws IOException if the engine refuses or cannot be reached; the caller tells the user
  int run(Call call) throws IOException, InterruptedException;

  /// @param usage what follows the verb: `[OPTIONS] CONTAINER [CONTAINER...]`
  /// @param most arguments, -1 for any number
  record Synopsis(String usage, String summary, int least, int most) {}
}
