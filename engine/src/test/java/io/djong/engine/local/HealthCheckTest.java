package io.djong.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.engine.ContainerDetails.Health;
import io.djong.engine.Filters;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Health checks with real processes. Needs root.
@Timeout(60)
final class HealthCheckTest {
  @TempDir(cleanup = CleanupMode.NEVER)
  Path root;

  private Fleet fleet;

  @BeforeEach
  void open() throws IOException {
    fleet = Fleet.open(root);
  }

  @AfterEach
  void removeAll() throws Exception {
    fleet.close();
  }

  private String create(String test, String more, String host) throws IOException {
    String check =
        "\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\""
            + test
            + "\"],\"Interval\":20000000"
            + more
            + "}";
    return fleet.create(check, host, "sh", "-c", "touch /well; exec sleep 1000");
  }

  private Health health(String id) throws IOException {
    return Objects.requireNonNull(fleet.containers().inspect(id, false).health());
  }

  @Test
  void whatPassesItsCheckIsHealthy() throws Exception {
    String id = create("echo fine; ls /well", "", "");
    fleet.containers().start(id);

    fleet.await(id, "health_status: healthy"::equals);

    assertThat(health(id).status()).isEqualTo("healthy");
    assertThat(health(id).log().getLast().output()).isEqualTo("fine\n/well\n");
    assertThat(
            fleet
                .containers()
                .list(false, 0, false, new Filters(Map.of("health", List.of("healthy")))))
        .hasSize(1);
  }

  @Test
  void soManyFailuresInARowAreNeededToBeUnhealthy() throws Exception {
    String id = create("exit 1", ",\"Retries\":2", "");
    fleet.containers().start(id);

    fleet.await(id, "health_status: unhealthy"::equals);

    assertThat(health(id).failingStreak()).isGreaterThanOrEqualTo(2);
    assertThat(health(id).log()).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void failuresDoNotCountWhileItStarts() throws Exception {
    String id =
        create(
            "exit 1",
            ",\"Retries\":1,\"StartPeriod\":3600000000000,\"StartInterval\":10000000",
            "");
    fleet.containers().start(id);

    fleet.await(id, action -> action.startsWith("exec_die"), 4);

    assertThat(health(id).status()).isEqualTo("starting");
    assertThat(health(id).failingStreak()).isZero();
  }

  @Test
  void aCheckThatHangsIsEnded() throws Exception {
    String id = create("exec sleep 1000", ",\"Retries\":1,\"Timeout\":50000000", "");
    fleet.containers().start(id);

    fleet.await(id, "health_status: unhealthy"::equals);

    var probe = health(id).log().getFirst();
    assertThat(probe.exitCode()).isEqualTo(-1);
    assertThat(probe.output()).isEqualTo("Health check exceeded timeout (50ms)");
  }

  @Test
  void aCommandThatIsNotThereMakesItUnhealthy() throws Exception {
    String id =
        fleet.create(
            "\"Healthcheck\":{\"Test\":[\"CMD\",\"/no/such\"],\"Interval\":20000000,\"Retries\":1}",
            "",
            "sleep",
            "1000");
    fleet.containers().start(id);

    fleet.await(id, "health_status: unhealthy"::equals);

    assertThat(health(id).log().getFirst().output()).contains("/no/such");
  }

  @Test
  void checksGoOnAfterARestartOfTheEngine() throws Exception {
    String id = create("ls /well", ",\"Retries\":1", "");
    fleet.containers().start(id);
    fleet.await(id, "health_status: healthy"::equals);

    fleet.reopen();

    assertThat(health(id).status()).isEqualTo("healthy");
    fleet.await(id, action -> action.startsWith("exec_die"));
  }

  @Test
  void anUnhealthyContainerIsStartedAnewIfThatWasAsked() throws Exception {
    String id =
        create(
            "exit 1",
            ",\"Retries\":1",
            "\"Annotations\":{\"io.djong.health.on-failure\":\"restart\"}");
    fleet.containers().start(id);

    fleet.await(id, "start"::equals, 2);

    assertThat(fleet.state(id)).isIn("running", "exited");
  }

  @Test
  void whoIsKilledForItsHealthIsStartedByItsPolicy() throws Exception {
    String id =
        create(
            "exit 1",
            ",\"Retries\":1",
            "\"RestartPolicy\":{\"Name\":\"always\"},"
                + "\"Annotations\":{\"io.djong.health.on-failure\":\"kill\"}");
    fleet.containers().start(id);

    fleet.await(id, "start"::equals, 2);

    assertThat(fleet.containers().inspect(id, false).restartCount()).isPositive();
  }

  @Test
  void anUnknownActionIsRefused() {
    assertThatThrownBy(
            () ->
                create("true", "", "\"Annotations\":{\"io.djong.health.on-failure\":\"explode\"}"))
        .isInstanceOf(Fault.Invalid.class);
  }
}
