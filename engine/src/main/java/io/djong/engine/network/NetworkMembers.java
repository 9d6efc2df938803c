package io.djong.engine.network;

import io.djong.engine.ContainerDetails.NetworkPlace;
import java.util.List;
import java.util.Map;

/// Tells who is in a network.
public interface NetworkMembers {
  /// The places of the containers that run in it, by container id.
  Map<String, NetworkPlace> of(String networkId);

  /// The containers that go there when they run, by the network's name.
  List<String> wanting(String networkName);

  /// A container's name; empty if there is none with this id.
  String nameOf(String containerId);
}
