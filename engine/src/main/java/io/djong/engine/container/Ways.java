package io.djong.engine.container;

import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Families;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// By which of its networks a container reaches the outside: that of the highest priority, among
/// equals the first by name (Docker Engine API, `GwPriority`). Pure.
///
/// @param ipv4 null if none of them leads out
record Ways(@Nullable Network ipv4, @Nullable Network ipv6) {
  static Ways of(Map<Network, EndpointConfig> asked) {
    List<Network> byPriority =
        asked.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<Network, EndpointConfig>>comparingInt(
                        entry -> -entry.getValue().gwPriority())
                    .thenComparing(entry -> entry.getKey().name()))
            .map(Map.Entry::getKey)
            .filter(network -> !network.internal())
            .toList();
    return new Ways(first(byPriority, Network::hasIpv4), first(byPriority, Network::hasIpv6));
  }

  private static @Nullable Network first(List<Network> networks, Predicate<Network> fits) {
    return networks.stream().filter(fits).findFirst().orElse(null);
  }

  /// The network whose endpoint publishes ports.
  @Nullable Network out() {
    return ipv4 != null ? ipv4 : ipv6;
  }

  Families through(Network network) {
    return new Families(network.equals(ipv4), network.equals(ipv6));
  }
}
