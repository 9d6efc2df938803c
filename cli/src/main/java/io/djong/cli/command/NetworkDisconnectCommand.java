package io.djong.cli.command;

import io.djong.api.NetworkConnect;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;

/// Takes a container out of a network.
public final class NetworkDisconnectCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] NETWORK CONTAINER", "Disconnect a container from a network", 2, 2);
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("force", "f", "Force the container to disconnect from a network");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    call.engine()
        .disconnect(
            given.argument(0), new NetworkConnect(given.argument(1), null, given.is("force")));
    return 0;
  }
}
