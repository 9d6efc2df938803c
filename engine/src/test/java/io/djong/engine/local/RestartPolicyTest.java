package io.djong.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.engine.ContainerState;
import io.djong.engine.Filters;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Restart policies with real processes. Needs root.
@Timeout(60)
final class RestartPolicyTest {
  private static final String ALWAYS = "\"RestartPolicy\":{\"Name\":\"always\"}";
  private static final String UNLESS_STOPPED = "\"RestartPolicy\":{\"Name\":\"unless-stopped\"}";

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

  @Test
  void whatFailsIsTriedAsOftenAsItsPolicySays() throws Exception {
    String id =
        fleet.create(
            "",
            "\"RestartPolicy\":{\"Name\":\"on-failure\",\"MaximumRetryCount\":2}",
            "sh",
            "-c",
            "echo try; exit 3");

    fleet.containers().start(id);
    fleet.await(id, "die"::equals, 3);

    // The third end is not followed by a start, so what is seen under the lock is the last state.
    fleet.containers().stop(id, null, null);
    var details = fleet.containers().inspect(id, false);
    assertThat(fleet.logs(id)).isEqualTo("try\ntry\ntry\n");
    assertThat(details.restartCount()).isEqualTo(2);
    assertThat(details.state()).isInstanceOf(ContainerState.Exited.class);
  }

  @Test
  void whatEndsWellIsNotStartedAgainOnFailure() throws Exception {
    String id = fleet.create("", "\"RestartPolicy\":{\"Name\":\"on-failure\"}", "true");

    fleet.run(id);

    assertThat(fleet.state(id)).isEqualTo("exited");
  }

  @Test
  void whatIsStoppedStaysStopped() throws Exception {
    String id = fleet.create("", ALWAYS, "sleep", "1000");
    fleet.containers().start(id);

    fleet.containers().stop(id, "KILL", null);

    assertThat(fleet.state(id)).isEqualTo("exited");
  }

  @Test
  void whileItWaitsItCountsAsRestartingAndCanBeStopped() throws Exception {
    String id = fleet.create("", ALWAYS, "sh", "-c", "exit 1");
    fleet.containers().start(id);
    // With each try the pause gets longer.
    fleet.await(id, "die"::equals, 4);

    assertThat(fleet.state(id)).isIn("restarting", "running");
    assertThat(fleet.containers().list(false, 0, false, Filters.NONE)).hasSize(1);
    fleet.containers().stop(id, null, null);
    assertThat(fleet.state(id)).isEqualTo("exited");
  }

  @Test
  void whatWaitsForItsRestartIsRemovedByForceOnly() throws Exception {
    String id = fleet.create("", ALWAYS, "sh", "-c", "exit 1");
    fleet.containers().start(id);
    fleet.await(id, "die"::equals, 4);

    assertThatThrownBy(() -> fleet.containers().remove(id, false, false))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("before removing or force remove");
    fleet.containers().remove(id, true, false);

    assertThat(fleet.containers().list(true, 0, false, Filters.NONE)).isEmpty();
  }

  @Test
  void anEngineThatOpensStartsWhatShallAlwaysRun() throws Exception {
    String always = fleet.create("", ALWAYS, "sleep", "1000");
    String stopped = fleet.create("", UNLESS_STOPPED, "sleep", "1000");
    String never = fleet.create("", ALWAYS, "sleep", "1000");
    fleet.containers().start(always);
    fleet.containers().start(stopped);
    fleet.containers().stop(always, "KILL", null);
    fleet.containers().stop(stopped, "KILL", null);

    fleet.reopen();

    fleet.await(always, "start"::equals);
    assertThat(fleet.state(always)).isEqualTo("running");
    assertThat(fleet.state(stopped)).isEqualTo("exited");
    assertThat(fleet.state(never)).isEqualTo("created");
  }

  @Test
  void whatEndsWhileNobodyLooksIsStartedByTheNextEngine() throws Exception {
    String id = fleet.create("", UNLESS_STOPPED, "sleep", "1000");
    fleet.containers().start(id);
    int pid = ((ContainerState.Running) fleet.containers().inspect(id, false).state()).pid();
    fleet.machine().close();
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();

    fleet.openAgain();

    fleet.await(id, "start"::equals);
    assertThat(fleet.state(id)).isEqualTo("running");
    assertThat(fleet.containers().inspect(id, false).restartCount()).isEqualTo(1);
  }

  @Test
  void aPolicyWithoutItsNumberIsRefused() {
    assertThatThrownBy(
            () ->
                fleet.create(
                    "", "\"RestartPolicy\":{\"Name\":\"always\",\"MaximumRetryCount\":2}", "true"))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessage(
            "invalid restart policy: maximum retry count can only be used with 'on-failure'");
  }
}
