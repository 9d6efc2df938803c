package io.djong.engine.event;

import io.djong.engine.Events.Event;
import io.djong.engine.Filters;
import java.util.Set;

/// Which events a listener wants, as Docker reads the filters of `/events`.
final class EventFilter {
  private static final Set<String> KEYS =
      Set.of(
          "config",
          "container",
          "daemon",
          "event",
          "image",
          "label",
          "network",
          "node",
          "plugin",
          "scope",
          "secret",
          "service",
          "type",
          "volume");

  private final Filters filters;

  EventFilter(Filters filters) {
    filters.allowOnly(KEYS);
    this.filters = filters;
  }

  boolean fits(Event event) {
    return fitsAction(event)
        && (!filters.has("type") || filters.of("type").contains(event.type()))
        && (!filters.has("scope") || filters.of("scope").contains("local"))
        && fitsActor("container", event)
        && fitsActor("volume", event)
        && fitsActor("network", event)
        && fitsImage(event)
        && filters.fitLabels(event.attributes());
  }

  /// `exec_create: sh -c …` is an `exec_create` too.
  private boolean fitsAction(Event event) {
    if (!filters.has("event")) {
      return true;
    }
    int colon = event.action().indexOf(':');
    String verb = colon < 0 ? event.action() : event.action().substring(0, colon);
    return filters.of("event").contains(event.action()) || filters.of("event").contains(verb);
  }

  private boolean fitsActor(String type, Event event) {
    if (!filters.has(type)) {
      return true;
    }
    if (!event.type().equals(type)) {
      return type.equals("container") && fitsAny(type, event.attributes().get("container"));
    }
    return fitsAny(type, event.actorId()) || fitsAny(type, event.attributes().get("name"));
  }

  private boolean fitsImage(Event event) {
    if (!filters.has("image")) {
      return true;
    }
    String name =
        event.type().equals("image")
            ? event.attributes().get("name")
            : event.attributes().get("image");
    if (fitsAny("image", name) || fitsAny("image", event.actorId())) {
      return true;
    }
    int colon = name == null ? -1 : name.lastIndexOf(':');
    return name != null
        && colon > name.lastIndexOf('/')
        && filters.of("image").contains(name.substring(0, colon));
  }

  private boolean fitsAny(String key, @org.jspecify.annotations.Nullable String value) {
    if (value == null) {
      return false;
    }
    for (String wanted : filters.of(key)) {
      boolean prefix = wanted.length() >= 4 && value.length() == 64 && value.startsWith(wanted);
      if (value.equals(wanted) || prefix) {
        return true;
      }
    }
    return false;
  }
}
