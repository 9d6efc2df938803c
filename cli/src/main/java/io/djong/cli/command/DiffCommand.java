package io.djong.cli.command;

import io.djong.api.ContainerChange;
import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Lists what a container changed in its tree.
public final class DiffCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "CONTAINER", "Inspect changes to files or directories on a container's filesystem", 1, 1);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    for (ContainerChange change : call.engine().changes(call.given().argument(0))) {
      String kind = change.kind() == 0 ? "C " : change.kind() == 1 ? "A " : "D ";
      call.console().print(kind + change.path());
    }
    return 0;
  }
}
