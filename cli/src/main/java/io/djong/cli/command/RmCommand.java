package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.Errors;
import io.djong.cli.flag.Flags;
import java.io.IOException;

/// Removes containers.
public final class RmCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER [CONTAINER...]", "Remove one or more containers", 1, -1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("force", "f", "Force the removal of a running container (uses SIGKILL)")
        .toggle("volumes", "v", "Remove anonymous volumes associated with the container");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    boolean force = call.given().is("force");
    return call.forEach(
        call.given().arguments(),
        ref -> {
          try {
            call.engine().remove(ref, force, call.given().is("volumes"));
            call.console().print(ref);
          } catch (ApiError e) {
            if (e.status() != 404 || !force) {
              throw e;
            }
            call.console().say(Errors.text(e)); // What was to be gone is gone: no failure.
          }
        });
  }
}
