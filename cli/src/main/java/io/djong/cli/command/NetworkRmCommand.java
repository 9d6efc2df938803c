package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import java.io.IOException;

/// Removes networks.
public final class NetworkRmCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] NETWORK [NETWORK...]", "Remove one or more networks", 1, -1);
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("force", "f", "Do not error if the network does not exist");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    return call.forEach(
        call.given().arguments(),
        ref -> {
          call.engine().removeNetwork(ref);
          call.console().print(ref);
        });
  }
}
