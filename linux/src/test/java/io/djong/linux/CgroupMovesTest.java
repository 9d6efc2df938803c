package io.djong.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupMovesTest {
  @Test
  void anAnnouncedMoveHasThisProcessEnterItsOwnGroupForAWhile(@TempDir Path folder)
      throws Exception {
    Path members = folder.resolve("cgroup.procs");
    assertThat(new ProcessBuilder("mkfifo", members.toString()).start().waitFor()).isZero();

    new CgroupMoves(() -> members).expect();

    // To the end of the pipe: what was announced once comes to its end.
    try (InputStream written = Files.newInputStream(members)) {
      String text = new String(written.readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(text).matches("(" + ProcessHandle.current().pid() + ")+");
    }
  }

  @Test
  void eachAnnouncementCountsAndNoneMovesThisProcess() throws Exception {
    String before = Files.readString(Path.of("/proc/self/cgroup"));
    SynchronousQueue<String> asked = new SynchronousQueue<>();
    CgroupMoves moves =
        new CgroupMoves(
            () -> {
              try {
                asked.put("for a group");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return null;
            });
    moves.expect();
    assertThat(asked.take()).isEqualTo("for a group");
    while (asked.poll() == null) {
      moves.expect();
      Thread.onSpinWait();
    }

    new CgroupMoves().expect();
    assertThat(Files.readString(Path.of("/proc/self/cgroup"))).isEqualTo(before);
  }
}
