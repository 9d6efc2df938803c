package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each verb of a container's life, with the daemon killed in the middle: at a write that is made
/// durable, at a change of folders, of mounts, of networks, or when a program is started or sent a
/// signal. Afterwards the verb has no effect or its whole one, what was acknowledged is so, asking
/// again succeeds, and nothing is left over. The second, third … of each with `-Ddjong.steps=30`.
class KilledVerbsTest {
  private static final int STEPS = Integer.getInteger("djong.steps", 6);

  /// Kinds of calls by which the daemon changes the machine.
  private static final List<String> KINDS =
      List.of(
          "fsync,fdatasync",
          "mkdirat,?mkdir,unlinkat,?unlink,renameat,renameat2,?rename",
          "mount,umount2,move_mount,fsmount,setns,unshare",
          "sendto,sendmsg",
          "?vfork,clone3,execve",
          "pidfd_send_signal,kill");

  enum Verb {
    CREATE("create --name vv busybox sleep 600") {
      @Override
      void prepare(LiveDaemon daemon) {}

      @Override
      boolean done(LiveDaemon daemon) throws Exception {
        return daemon.docker("inspect", "vv").code() == 0;
      }
    },
    START("start vv") {
      @Override
      void prepare(LiveDaemon daemon) throws Exception {
        daemon.docker("create", "-v", "hold:/hold", "--name", "vv", "busybox", "sleep", "600").ok();
      }

      @Override
      boolean done(LiveDaemon daemon) throws Exception {
        return status(daemon).equals("running");
      }
    },
    STOP("stop -t 0 vv") {
      @Override
      void prepare(LiveDaemon daemon) throws Exception {
        daemon.docker("run", "-d", "--name", "vv", "busybox", "sleep", "600").ok();
      }

      @Override
      boolean done(LiveDaemon daemon) throws Exception {
        return status(daemon).equals("exited");
      }
    },
    REMOVE("rm -f vv") {
      @Override
      void prepare(LiveDaemon daemon) throws Exception {
        daemon.docker("run", "-d", "--name", "vv", "busybox", "sleep", "600").ok();
      }

      @Override
      boolean done(LiveDaemon daemon) throws Exception {
        return daemon.docker("inspect", "vv").code() != 0;
      }
    };

    private final String words;

    Verb(String words) {
      this.words = words;
    }

    String[] words() {
      return words.split(" ", -1);
    }

    abstract void prepare(LiveDaemon daemon) throws Exception;

    abstract boolean done(LiveDaemon daemon) throws Exception;

    private static String status(LiveDaemon daemon) throws Exception {
      return daemon.docker("inspect", "-f", "{{.State.Status}}", "vv").ok().line();
    }
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  void aVerbHasItsWholeEffectOrNone(Verb verb) throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      for (int step = 0; step < STEPS; step++) {
        verb.prepare(daemon);
        boolean acknowledged = killedAt(daemon, step, verb);
        daemon.launch();
        if (acknowledged) {
          assertThat(verb.done(daemon)).as("acknowledged, killed at step %d", step).isTrue();
        }
        if (!verb.done(daemon)) {
          daemon.docker(verb.words()).ok();
          assertThat(verb.done(daemon)).as("asked again after step %d", step).isTrue();
        }
        Aftermath.isClean(daemon);
        daemon.docker("rm", "-f", "vv");
        daemon.docker("volume", "rm", "-f", "hold").ok();
      }
    }
  }

  /// @return whether the verb was acknowledged
  private static boolean killedAt(LiveDaemon daemon, int step, Verb verb) throws Exception {
    String calls = KINDS.get(step % KINDS.size());
    int time = 1 + step / KINDS.size();
    try (KillAtCall _ = KillAtCall.of(daemon, calls, time)) {
      Process work = Program.start(daemon.dockerCommand(verb.words()), Map.of(), null);
      boolean ended = work.waitFor(60, TimeUnit.SECONDS);
      boolean acknowledged = ended && work.exitValue() == 0;
      daemon.kill();
      work.waitFor();
      return acknowledged;
    }
  }
}
