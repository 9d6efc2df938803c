package io.djong.engine.network;

import io.djong.engine.ContainerDetails.NetworkPlace;
import java.util.Map;

/// Tells who is in a network.
@FunctionalInterface
public interface NetworkMembers {
  /// The places of the containers that run in it, by container id.
  Map<String, NetworkPlace> of(String networkId);
}
