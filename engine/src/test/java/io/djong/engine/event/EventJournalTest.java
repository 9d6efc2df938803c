package io.djong.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.engine.Events.Event;
import io.djong.engine.Events.Subscription;
import io.djong.engine.Filters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventJournalTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:10.123456789Z");

  @TempDir Path folder;

  private static Event event(String action) {
    return new Event("container", action, "id", Map.of("name", "ä\n\"x\""), NOW);
  }

  @Test
  void whatHappenedBeforeARestartIsTold() throws Exception {
    RecentEvents first = new RecentEvents(folder.resolve("events"), () -> NOW);
    first.publish(event("start"));
    first.close();

    RecentEvents next = new RecentEvents(folder.resolve("events"), () -> NOW);
    try (Subscription all = next.subscribe(Instant.EPOCH, NOW, Filters.NONE)) {
      assertThat(all.next()).isEqualTo(event("start"));
      assertThat(all.next()).isNull();
    }
    next.close();
  }

  @Test
  void aLineThatIsCutHidesNoOther() throws IOException {
    Path file = folder.resolve("events");
    RecentEvents first = new RecentEvents(file, () -> NOW);
    first.publish(event("start"));
    first.close();
    Files.write(file, new byte[] {'{', '"', (byte) 0xff, '\n'}, StandardOpenOption.APPEND);
    RecentEvents second = new RecentEvents(file, () -> NOW);
    second.publish(event("die"));
    second.close();

    assertThat(new EventJournal(file).read())
        .extracting(Event::action)
        .containsExactly("start", "die");
  }

  @Test
  void theJournalHasABound() throws IOException {
    Path file = folder.resolve("events");
    for (int i = 0; i < 3; i++) {
      RecentEvents events = new RecentEvents(file, () -> NOW);
      for (int k = 0; k < 10_000; k++) {
        events.publish(event("start"));
      }
      events.close();
    }

    long size = Files.size(file) + Files.size(folder.resolve("events.1"));
    assertThat(size).isLessThan(8 << 20);
    assertThat(new EventJournal(file).read()).isNotEmpty();
  }
}
