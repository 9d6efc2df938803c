package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Gives a container another name.
public final class RenameCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("CONTAINER NEW_NAME", "Rename a container", 2, 2);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    call.engine().rename(call.given().argument(0), call.given().argument(1));
    return 0;
  }
}
