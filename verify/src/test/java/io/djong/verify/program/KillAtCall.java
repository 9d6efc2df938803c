package io.djong.verify.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Kills a daemon as soon as one of its threads makes one of some system calls for the n-th time:
/// strace(1) sends the signal.
final class KillAtCall implements AutoCloseable {
  private final Process tracer;

  private KillAtCall(Process tracer) {
    this.tracer = tracer;
  }

  /// Returns once the daemon is traced.
  ///
  /// @param calls with commas between them
  static KillAtCall of(LiveDaemon daemon, String calls, int time) throws Exception {
    Process tracer =
        Program.start(
            List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":signal=SIGKILL:when=" + time,
                "-p",
                Long.toString(daemon.pid())),
            Map.of(),
            null);
    String status = "/proc/" + daemon.pid() + "/status";
    Waiting.until(
        "the daemon is traced",
        () ->
            !tracer.isAlive()
                || Files.readString(Path.of(status)).contains("TracerPid:\t" + tracer.pid()));
    return new KillAtCall(tracer);
  }

  @Override
  public void close() {
    tracer.destroy();
    boolean interrupted = false;
    while (tracer.isAlive()) {
      try {
        tracer.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
