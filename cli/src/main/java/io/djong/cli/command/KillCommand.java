package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import java.io.IOException;

/// Sends a signal to containers, SIGKILL unless told otherwise.
public final class KillCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER [CONTAINER...]", "Kill one or more running containers", 1, -1);
  }

  @Override
  public void declare(Flags flags) {
    flags.value("signal", "s", "string", "Signal to send to the container");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    return call.forEach(
        call.given().arguments(),
        ref -> {
          call.engine().kill(ref, call.given().text("signal"));
          call.console().print(ref);
        });
  }
}
