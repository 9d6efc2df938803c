package io.djong.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import io.djong.model.RunConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageChangesTest {
  private static RunConfig applied(String... changes) {
    return ImageChanges.apply(RunConfig.EMPTY, List.of(changes));
  }

  @Test
  void commandsAreExactOrForTheShell() {
    assertThat(applied("CMD [\"a\", \"b c\"]").cmd()).containsExactly("a", "b c");
    assertThat(applied("CMD a b").cmd()).containsExactly("/bin/sh", "-c", "a b");
    assertThat(applied("SHELL [\"bash\"]", "entrypoint x").entrypoint())
        .containsExactly("bash", "x");
  }

  @Test
  void variablesComeQuotedInTheOldFormAndSeveralAtOnce() {
    assertThat(applied("ENV A=1 B=\"two words\" C=esc\\ aped", "ENV D the rest", "ENV A=2").env())
        .containsExactly("A=2", "B=two words", "C=esc aped", "D=the rest");
  }

  @Test
  void workingDirectoriesAreJoined() {
    assertThat(applied("WORKDIR /a", "WORKDIR b/../c").workingDir()).isEqualTo("/a/c");
  }

  @Test
  void theRestIsKept() {
    RunConfig run =
        applied(
            "EXPOSE 80 53/udp",
            "VOLUME [\"/data\"]",
            "LABEL k=v",
            "USER web",
            "STOPSIGNAL SIGINT",
            "ONBUILD RUN make",
            "HEALTHCHECK --interval=5s --retries=2 CMD curl x");

    assertThat(run.exposedPorts()).containsOnlyKeys("80/tcp", "53/udp");
    assertThat(run.volumes()).containsOnlyKeys("/data");
    assertThat(run.labels()).containsEntry("k", "v");
    assertThat(run.user()).isEqualTo("web");
    assertThat(run.onBuild()).containsExactly("RUN make");
    assertThat(run.healthcheck())
        .isEqualTo(
            new RunConfig.Healthcheck(
                List.of("CMD-SHELL", "curl x"), 5_000_000_000L, null, null, null, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN x",
        "BOGUS x",
        "FROM y",
        "ENV",
        "ENV A",
        "EXPOSE x",
        "EXPOSE 80/icmp",
        "USER",
        "ONBUILD FROM x",
        "HEALTHCHECK --nope CMD x",
        "SHELL bash",
        "STOPSIGNAL SIGNONSENSE",
        "STOPSIGNAL 65",
        "LABEL =x a=b"
      })
  void whatMayNotStandHereIsRefused(String change) {
    assertThatThrownBy(() -> applied(change)).isInstanceOf(Fault.Invalid.class);
  }
}
