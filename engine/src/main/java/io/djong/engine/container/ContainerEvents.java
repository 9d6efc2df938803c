package io.djong.engine.container;

import io.djong.engine.Events;
import io.djong.engine.Events.Event;
import io.djong.network.Network;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Tells listeners what happens to containers, with the attributes Docker gives: labels, image,
/// name.
final class ContainerEvents {
  private final Events events;
  private final InstantSource clock;

  ContainerEvents(Events events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  void tell(Container container, String action) {
    tell(container, action, Map.of());
  }

  void tell(Container container, String action, Map<String, String> more) {
    Map<String, String> attributes = new HashMap<>(container.record().config().labels());
    attributes.put("image", container.record().config().image());
    attributes.put("name", container.name());
    attributes.putAll(more);
    events.publish(
        new Event("container", action, container.id().hex(), attributes, clock.instant()));
  }

  void tellNetwork(Container container, String action, Network network) {
    events.publish(
        new Event(
            "network",
            action,
            network.id(),
            Map.of(
                "container",
                container.id().hex(),
                "name",
                network.name(),
                "type",
                network.driver()),
            clock.instant()));
  }

  InstantSource clock() {
    return clock;
  }
}
