package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Freezes containers.
public final class PauseCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "CONTAINER [CONTAINER...]", "Pause all processes within one or more containers", 1, -1);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    return call.forEach(
        call.given().arguments(),
        ref -> {
          call.engine().pause(ref);
          call.console().print(ref);
        });
  }
}
