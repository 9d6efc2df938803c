package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import java.io.IOException;

/// Makes a container and does not start it.
public final class CreateCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] IMAGE [COMMAND] [ARG...]", "Create a new container", 1, -1);
  }

  @Override
  public void declare(Flags flags) {
    ContainerRequest.declare(flags);
    flags.value("detach-keys", "", "string", "Override the key sequence for detaching a container");
  }

  @Override
  public boolean endsFlagsAtFirstArgument() {
    return true;
  }

  @Override
  public int run(Call call) throws IOException {
    call.console().print(NewContainer.create(call, RunCommand.streams(call.given(), false)));
    return 0;
  }
}
