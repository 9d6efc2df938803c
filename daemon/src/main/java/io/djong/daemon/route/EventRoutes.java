package io.djong.daemon.route;

import io.djong.api.EventMessage;
import io.djong.engine.Events;
import io.djong.engine.Events.Event;
import io.djong.engine.Events.Subscription;
import io.djong.engine.Filters;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/// What happens, as it happens.
final class EventRoutes {
  private final Events events;

  EventRoutes(Events events) {
    this.events = events;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/events", this::stream);
  }

  private void stream(Call call) throws IOException, InterruptedException {
    Filters filters = call.filters();
    Instant since = Times.parse(call.query("since"));
    Instant until = Times.parse(call.query("until"));
    try (Subscription subscription = events.subscribe(since, until, filters)) {
      call.response().header("Content-Type", "application/json");
      OutputStream out = call.response().stream();
      call.untilGone(subscription);
      for (Event event = subscription.next(); event != null; event = subscription.next()) {
        out.write(Json.full().write(message(event)));
        out.write('\n');
        out.flush();
      }
      out.close();
    }
  }

  static EventMessage message(Event event) {
    boolean container = event.type().equals("container");
    boolean old = container || event.type().equals("image");
    Instant time = event.time();
    return new EventMessage(
        old ? event.action() : null,
        old ? event.actorId() : null,
        container ? event.attributes().get("image") : null,
        event.type(),
        event.action(),
        new EventMessage.Actor(event.actorId(), event.attributes()),
        "local",
        time.getEpochSecond(),
        time.getEpochSecond() * 1_000_000_000L + time.getNano());
  }
}
