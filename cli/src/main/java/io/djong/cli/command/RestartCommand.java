package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;

/// Stops containers and starts them again.
public final class RestartCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER [CONTAINER...]", "Restart one or more containers", 1, -1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("signal", "s", "string", "Signal to send to the container")
        .value("timeout", "t", "int", "Seconds to wait before killing the container")
        .value("time", "", "int", "Same as --timeout");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    Integer timeout = given.number(given.has("timeout") ? "timeout" : "time");
    return call.forEach(
        given.arguments(),
        ref -> {
          call.engine().restart(ref, given.text("signal"), timeout);
          call.console().print(ref);
        });
  }
}
