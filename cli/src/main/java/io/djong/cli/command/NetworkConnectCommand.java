package io.djong.cli.command;

import io.djong.api.NetworkConnect;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.model.container.NetworkingConfig;
import java.io.IOException;
import java.util.List;

/// Takes a container into a network.
public final class NetworkConnectCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] NETWORK CONTAINER", "Connect a container to a network", 2, 2);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("alias", "", "list", "Add network-scoped alias for the container")
        .value("driver-opt", "", "map", "driver options for the network")
        .value("gw-priority", "", "int", "Highest gw-priority provides the default gateway")
        .value("ip", "", "string", "IPv4 address (e.g., 172.30.100.104)")
        .value("ip6", "", "string", "IPv6 address (e.g., 2001:db8::33)")
        .value("link", "", "list", "Add link to another container")
        .value("mac-address", "", "string", "Container MAC address");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    Integer priority = given.number("gw-priority");
    List<String> links = given.all("link");
    NetworkingConfig.EndpointConfig asked =
        new NetworkingConfig.EndpointConfig(
            new NetworkingConfig.Addresses(given.text("ip"), given.text("ip6"), null),
            links.isEmpty() ? null : links,
            given.all("alias"),
            given.text("mac-address"),
            Pairs.map(given.all("driver-opt")),
            priority == null ? 0 : priority);
    call.engine().connect(given.argument(0), new NetworkConnect(given.argument(1), asked, false));
    return 0;
  }
}
