package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.api.AnswerJson;
import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerState;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryLinesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:10:00Z");
  private final ContainerAnswers answers = new ContainerAnswers(new FakeEngine().images());
  private final SummaryLines lines = new SummaryLines(answers);

  private static ContainerDetails details(ContainerState state) {
    return FakeEngine.details(
        state, FakeEngine.config("{\"Image\":\"busybox\"}"), FakeEngine.host());
  }

  private String json(List<ContainerDetails> containers, Instant now) throws IOException {
    return new String(lines.json(containers, now, true), UTF_8);
  }

  private String anew(List<ContainerDetails> containers, Instant now) throws IOException {
    return new String(AnswerJson.write(answers.summaries(containers, now)), UTF_8) + "\n";
  }

  @Test
  void aListIsTheSameWhetherItsLinesAreNewOrKept() throws IOException {
    List<ContainerDetails> one =
        List.of(details(new ContainerState.Running(1, NOW.minusSeconds(5), false)));

    assertThat(json(one, NOW)).isEqualTo(anew(one, NOW));
    assertThat(json(one, NOW)).isEqualTo(anew(one, NOW));
    assertThat(json(List.of(), NOW)).isEqualTo("[]\n");
  }

  @Test
  void timeGoesOn() throws IOException {
    List<ContainerDetails> one =
        List.of(details(new ContainerState.Running(1, NOW.minusSeconds(5), false)));
    json(one, NOW);

    assertThat(json(one, NOW.plusSeconds(600))).contains("\"Up 10 minutes\"");
  }

  @Test
  void whatHasChangedIsWrittenAnew() throws IOException {
    json(List.of(details(new ContainerState.Running(1, NOW, false))), NOW);

    assertThat(json(List.of(details(new ContainerState.Created())), NOW))
        .contains("\"State\":\"created\"");
  }
}
