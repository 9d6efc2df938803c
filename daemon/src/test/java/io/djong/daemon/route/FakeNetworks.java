package io.djong.daemon.route;

import io.djong.engine.Filters;
import io.djong.engine.Networks;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The network `bridge`.
final class FakeNetworks implements Networks {
  private static NetworkDetails bridge() {
    Network network =
        new Network(
            "n".repeat(64),
            "bridge",
            "bridge",
            "docker0",
            List.of(new Network.Pool(Cidr.parse("172.17.0.0/16"), Cidr.parseAddress("172.17.0.1"))),
            false,
            true,
            true,
            1500,
            Map.of());
    return new NetworkDetails(network, Instant.EPOCH, Map.of(), false, Map.of(), Map.of());
  }

  @Override
  public String create(NewNetwork wanted) {
    throw new Fault.Conflict("network with name " + wanted.name() + " already exists");
  }

  @Override
  public void remove(String ref) {
    throw new Fault.Denied(ref + " is a pre-defined network and cannot be removed");
  }

  @Override
  public List<String> prune(Filters filters) {
    return List.of();
  }

  @Override
  public List<NetworkDetails> list(Filters filters) {
    return List.of(bridge());
  }

  @Override
  public NetworkDetails inspect(String ref) {
    if (!ref.equals("bridge")) {
      throw new Fault.NotFound("network " + ref + " not found");
    }
    return bridge();
  }
}
