package io.djong.network;

import io.djong.model.Fault;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Hands each network to the driver it names. Safe for use by several threads.
public final class DriversByName implements NetworkDriver {
  private final Map<String, NetworkDriver> drivers;

  public DriversByName(Map<String, NetworkDriver> drivers) {
    this.drivers = Map.copyOf(drivers);
  }

  private NetworkDriver of(Network network) {
    NetworkDriver driver = drivers.get(network.driver());
    if (driver == null) {
      throw new Fault.NotFound("plugin \"" + network.driver() + "\" not found");
    }
    return driver;
  }

  @Override
  public Network complete(Network asked, Families families, List<Cidr> taken) throws IOException {
    return of(asked).complete(asked, families, taken);
  }

  @Override
  public void up(Network network) throws IOException {
    of(network).up(network);
  }

  @Override
  public Endpoint connect(Network network, Sandbox sandbox, EndpointRequest request)
      throws IOException {
    return of(network).connect(network, sandbox, request);
  }

  @Override
  public void route(Network network, Sandbox sandbox, Endpoint endpoint, Families families)
      throws IOException {
    of(network).route(network, sandbox, endpoint, families);
  }

  @Override
  public Endpoint publish(Network network, Endpoint endpoint, List<Port> ports) throws IOException {
    return of(network).publish(network, endpoint, ports);
  }

  @Override
  public void adopt(Network network, Endpoint endpoint) throws IOException {
    of(network).adopt(network, endpoint);
  }

  @Override
  public void disconnect(Network network, Endpoint endpoint, @Nullable Sandbox sandbox)
      throws IOException {
    of(network).disconnect(network, endpoint, sandbox);
  }

  @Override
  public void down(Network network) throws IOException {
    of(network).down(network);
  }

  @Override
  public void sweep() throws IOException {
    Set<NetworkDriver> all = new HashSet<>(drivers.values());
    for (NetworkDriver driver : all) {
      driver.sweep();
    }
  }
}
