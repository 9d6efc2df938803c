package io.djong.cli.command;

import io.djong.api.EngineClient;
import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Waits for the end of containers and prints their exit codes.
public final class WaitCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "CONTAINER [CONTAINER...]",
        "Block until one or more containers stop, then print their exit codes",
        1,
        -1);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    return call.forEach(
        call.given().arguments(),
        ref -> {
          try (EngineClient.Wait wait = call.engine().wait(ref, "not-running")) {
            call.console().print(String.valueOf(wait.await()));
            call.console().flush();
          }
        });
  }
}
