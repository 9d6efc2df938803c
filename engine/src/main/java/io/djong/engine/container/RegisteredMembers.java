package io.djong.engine.container;

import io.djong.engine.ContainerDetails.NetworkPlace;
import io.djong.engine.network.Endpoints;
import io.djong.engine.network.NetworkMembers;
import io.djong.model.record.EndpointRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who is in a network, by the containers' records. Takes no lock: it is the state of one moment.
final class RegisteredMembers implements NetworkMembers {
  private final ContainerRegister register;

  RegisteredMembers(ContainerRegister register) {
    this.register = register;
  }

  @Override
  public Map<String, NetworkPlace> of(String networkId) {
    Map<String, NetworkPlace> all = new TreeMap<>();
    for (Container container : register.all()) {
      EndpointRecord kept = container.record().endpoints().get(networkId);
      if (container.isRunning() && kept != null) {
        all.put(
            container.id().hex(),
            new NetworkPlace(
                networkId, AskedNetworks.NOTHING, Endpoints.endpoint(kept), List.of()));
      }
    }
    return all;
  }

  @Override
  public List<String> wanting(String networkName) {
    return register.all().stream()
        .filter(container -> AskedNetworks.of(container.record()).containsKey(networkName))
        .map(container -> container.id().hex())
        .toList();
  }

  @Override
  public String nameOf(String containerId) {
    Container container = register.byId(containerId);
    return container == null ? "" : container.name();
  }
}
