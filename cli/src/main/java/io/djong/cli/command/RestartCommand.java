package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
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
    StopOptions.declare(flags);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    StopOptions options = StopOptions.of(call.given());
    return call.forEach(
        call.given().arguments(),
        ref -> {
          call.engine().restart(ref, options.signal(), options.timeout());
          call.console().print(ref);
        });
  }
}
