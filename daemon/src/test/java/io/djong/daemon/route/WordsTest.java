package io.djong.daemon.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.api.Ages;
import io.djong.engine.ContainerState;
import io.djong.model.Fault;
import io.djong.runtime.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void durationsAreToldAsDockerTellsThem() {
    assertThat(Ages.of(Duration.ofMillis(999).toSeconds())).isEqualTo("Less than a second");
    assertThat(Ages.of(Duration.ofSeconds(1).toSeconds())).isEqualTo("1 second");
    assertThat(Ages.of(Duration.ofSeconds(59).toSeconds())).isEqualTo("59 seconds");
    assertThat(Ages.of(Duration.ofSeconds(119).toSeconds())).isEqualTo("About a minute");
    assertThat(Ages.of(Duration.ofMinutes(59).toSeconds())).isEqualTo("59 minutes");
    assertThat(Ages.of(Duration.ofHours(1).toSeconds())).isEqualTo("About an hour");
    assertThat(Ages.of(Duration.ofMinutes(90).toSeconds())).isEqualTo("2 hours");
    assertThat(Ages.of(Duration.ofDays(2).toSeconds())).isEqualTo("2 days");
    assertThat(Ages.of(Duration.ofDays(14).toSeconds())).isEqualTo("2 weeks");
    assertThat(Ages.of(Duration.ofDays(60).toSeconds())).isEqualTo("2 months");
    assertThat(Ages.of(Duration.ofDays(730).toSeconds())).isEqualTo("2 years");
  }

  @Test
  void everyStateHasItsStatusText() {
    ExitStatus three = new ExitStatus(3, false, NOW.minusSeconds(120));
    ContainerState.Created created = new ContainerState.Created();

    assertThat(ContainerAnswers.status(created, NOW)).isEqualTo("Created");
    assertThat(
            ContainerAnswers.status(new ContainerState.Running(1, NOW.minusSeconds(5), true), NOW))
        .isEqualTo("Up 5 seconds (Paused)");
    assertThat(ContainerAnswers.status(new ContainerState.Exited(NOW, three, null), NOW))
        .isEqualTo("Exited (3) 2 minutes ago");
    assertThat(ContainerAnswers.status(new ContainerState.Exited(null, three, "no"), NOW))
        .isEqualTo("Created");
    assertThat(ContainerAnswers.status(new ContainerState.Removing(created), NOW))
        .isEqualTo("Removal In Progress");
    assertThat(ContainerAnswers.status(new ContainerState.Dead(created, "x"), NOW))
        .isEqualTo("Dead");
  }

  @Test
  void timesAreSecondsOrDates() {
    assertThat(Times.parse("1795334400.000000001"))
        .isEqualTo(Instant.ofEpochSecond(1_795_334_400L, 1));
    assertThat(Times.parse("2026-11-22T09:00:00+01:00")).isEqualTo(NOW);
    assertThat(Times.parse("0")).isNull();
    assertThat(Times.parse(null)).isNull();
    assertThatThrownBy(() -> Times.parse("1e99999999")).isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(() -> Times.parse("noon")).isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(() -> Times.parse("9".repeat(40))).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void theFirstRouteThatFitsWins() {
    RouteTable table = new RouteTable();
    Action json = call -> {};
    Action inspect = call -> {};
    Action all = call -> {};
    table.add("GET", "/images/json", json);
    table.add("GET", "/images/{name:.*}/json", inspect);
    table.add("GET", "/images/{name:.*}", all);

    assertThat(Objects.requireNonNull(table.find("GET", "/images/json")).action()).isSameAs(json);
    RouteTable.Found found = Objects.requireNonNull(table.find("GET", "/images/a/b/json"));
    assertThat(found.action()).isSameAs(inspect);
    assertThat(found.names()).isEqualTo(Map.of("name", "a/b"));
    assertThat(Objects.requireNonNull(table.find("GET", "/images/a/b")).action()).isSameAs(all);
    assertThat(table.find("POST", "/images/json")).isNull();
    assertThat(table.find("GET", "/images")).isNull();
    assertThat(table.find("GET", "/")).isNull();
  }

  private static String typed(String keys, String... typed) throws IOException {
    DetachKeys detach = DetachKeys.parse(keys);
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    for (String each : typed) {
      byte[] bytes = each.getBytes(StandardCharsets.UTF_8);
      if (detach.pass(bytes, bytes.length, passed::write)) {
        return passed.toString(StandardCharsets.UTF_8) + " detached";
      }
    }
    return passed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theDetachKeysAreSoughtAcrossReads() throws IOException {
    assertThat(typed("a,b", "xa", "b")).isEqualTo("x detached");
    assertThat(typed("a,b", "xa", "ac")).isEqualTo("xaac");
    assertThat(typed("ctrl-a", "x\u0001y")).isEqualTo("x detached");
    assertThat(typed("ctrl-@,ctrl-_", "\0\u001f")).isEqualTo(" detached");
    assertThat(typed("ctrl-\\", "\u001c")).isEqualTo(" detached");
    assertThatThrownBy(() -> DetachKeys.parse("ctrl-1")).isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(() -> DetachKeys.parse("shift-a")).isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(() -> DetachKeys.parse("a,,b")).isInstanceOf(Fault.Invalid.class);
  }
}
