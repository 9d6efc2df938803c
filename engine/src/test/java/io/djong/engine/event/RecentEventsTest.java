package io.djong.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.engine.Events.Event;
import io.djong.engine.Events.Subscription;
import io.djong.engine.Filters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecentEventsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

  @TempDir Path folder;

  private RecentEvents events;

  @BeforeEach
  void open() throws IOException {
    events = new RecentEvents(folder.resolve("events"), () -> NOW);
  }

  @AfterEach
  void close() {
    events.close();
  }

  private void publish(int second, String type, String action, Map<String, String> attributes) {
    events.publish(
        new Event(type, action, "id" + second, attributes, NOW.minusSeconds(10L - second)));
  }

  @Test
  void lateComersGetWhatWasAndTheEndOfTheirTime() throws InterruptedException {
    publish(1, "container", "create", Map.of());
    publish(2, "container", "start", Map.of());

    try (Subscription all = events.subscribe(NOW.minusSeconds(8), NOW, Filters.NONE)) {
      Event first = all.next();
      assertThat(first).isNotNull().extracting(Event::action).isEqualTo("start");
      assertThat(all.next()).isNull();
    }
  }

  @Test
  void listenersGetOnlyWhatFits() throws InterruptedException {
    Filters filters = new Filters(Map.of("event", List.of("exec_create"), "label", List.of("a=b")));
    try (Subscription some = events.subscribe(null, null, filters)) {
      publish(1, "container", "exec_create: sh -c x", Map.of("a", "other"));
      publish(2, "container", "die", Map.of("a", "b"));
      publish(3, "container", "exec_create: sh -c x", Map.of("a", "b"));

      assertThat(some.next()).isNotNull().extracting(Event::actorId).isEqualTo("id3");
    }
  }

  @Test
  void aListenerThatDoesNotKeepUpIsLostAndNobodyWaitsForIt() throws InterruptedException {
    try (Subscription slow = events.subscribe(null, null, Filters.NONE)) {
      for (int i = 0; i < 10_000; i++) {
        publish(1, "container", "start", Map.of());
      }

      int got = 0;
      while (slow.next() != null) {
        got++;
      }
      assertThat(got).isLessThan(10_000);
    }
  }

  @Test
  void closingEndsABlockedListener() throws InterruptedException {
    Subscription subscription = events.subscribe(null, null, Filters.NONE);
    Thread closer = Thread.ofVirtual().start(events::close);

    assertThat(subscription.next()).isNull();
    closer.join();
  }
}
