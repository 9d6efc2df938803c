package io.djong.cli;

import io.djong.api.ApiError;
import io.djong.api.EngineClient;
import io.djong.cli.flag.Given;
import java.io.IOException;
import java.util.List;

/// One command being run: what the user gave, where to write, and the engine.
public final class Call {
  private final Given given;
  private final Console console;
  private final Connection connection;

  Call(Given given, Console console, Connection connection) {
    this.given = given;
    this.console = console;
    this.connection = connection;
  }

  /// The same call with other words.
  public Call with(Given others) {
    return new Call(others, console, connection);
  }

  public Given given() {
    return given;
  }

  public Console console() {
    return console;
  }

  /// The engine, started if that is ours to do.
  ///
  /// @throws IOException if none can be reached
  public EngineClient engine() throws IOException {
    return connection.engine();
  }

  /// Does the same for each argument from `first` on, goes on after errors and tells them.
  ///
  /// @return 0, or 1 if one of them failed
  public int forEach(List<String> arguments, Step step) throws IOException, InterruptedException {
    int code = 0;
    for (String argument : arguments) {
      try {
        step.apply(argument);
      } catch (ApiError e) {
        console.say(Errors.text(e));
        code = 1;
      }
    }
    return code;
  }

  /// What to do with one argument.
  public interface Step {
    void apply(String argument) throws IOException, InterruptedException;
  }
}
