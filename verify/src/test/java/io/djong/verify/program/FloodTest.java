package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Output that comes faster than anybody reads it.
@ExtendWith(SharedDaemon.class)
class FloodTest {
  private static final int LINES = 200_000;

  private final LiveDaemon daemon;

  FloodTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void aReaderThatStandsStillLosesNothingAndHoldsUpNobody() throws Exception {
    String id = daemon.docker("create", "busybox", "sh", "-c", "seq 1 " + LINES).ok().line();
    Process attached = Program.start(daemon.dockerCommand("start", "-a", id), Map.of(), null);
    Waiting.until(
        "it has begun",
        () -> !daemon.docker("inspect", "-f", "{{.State.Status}}", id).out().contains("created"));
    Process follower = Program.start(daemon.dockerCommand("logs", "-f", id), Map.of(), null);
    // Nobody has read from either yet, and more has come than pipes and sockets hold.
    assertThat(daemon.docker("wait", id).ok().line()).isEqualTo("0");
    for (Process each : List.of(attached, follower)) {
      try (BufferedReader lines = each.inputReader()) {
        for (int i = 1; i <= LINES; i++) {
          assertThat(lines.readLine()).isEqualTo(Integer.toString(i));
        }
        assertThat(lines.readLine()).isNull();
      }
      assertThat(each.waitFor()).isZero();
    }
    daemon.docker("rm", id).ok();
  }
}
