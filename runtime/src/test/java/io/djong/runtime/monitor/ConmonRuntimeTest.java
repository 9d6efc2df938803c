package io.djong.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.linux.Poller;
import io.djong.linux.ProcessDescriptor;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.LogReader;
import io.djong.runtime.ContainerRuntime;
import io.djong.runtime.ContainerRuntimeContract;
import io.djong.runtime.Stdio;
import io.djong.runtime.Stdio.LogLimits;
import io.djong.runtime.TestBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConmonRuntimeTest extends ConmonFixture {
  @Override
  Programs programs() {
    return Programs.DEFAULT;
  }

  @Test
  void aContainerOutlivesItsMonitorAndItsExitCodeIsUnknownThen(@TempDir Path folder)
      throws Exception {
    Made made = Made.script(folder, "exec sleep 1000");
    ContainerProcess process = made.create(runtime());
    process.start();
    kill(monitor(made));
    ContainerProcess again = nextRuntime().reattach(made.id(), made.bundle(), made.stdio());
    assertThat(again.exited()).isNull();
    assertThat(again.signal(9)).isTrue();
    assertThat(process.await().code()).isEqualTo(255);
    assertThat(again.await().code()).isEqualTo(255);
    again.delete();
    assertThat(root).isDirectoryNotContaining("glob:**" + made.id().hex());
  }

  @Test
  void whatAnInterruptedCreationLeftIsRemoved(@TempDir Path folder) throws Exception {
    Made made = Made.script(folder, "exec sleep 1000");
    ContainerProcess cut = made.create(runtime());
    Files.delete(root.resolve(made.id().hex()).resolve("record"));
    ContainerRuntime next = nextRuntime();
    assertThatThrownBy(() -> next.reattach(made.id(), made.bundle(), made.stdio()))
        .isInstanceOf(Fault.NotFound.class);
    assertThat(cut.await().code()).isNotZero();
    assertThat(cut.pids()).isEmpty();
    assertThat(made.bundle().resolve("oci")).doesNotExist();
    ContainerProcess process = made.create(next);
    process.start();
    process.delete();
  }

  @Test
  void whatIsLeftIsRemovedAlsoWhereItsSpecificationIsDamaged(@TempDir Path folder)
      throws Exception {
    Made made = Made.script(folder, "exec sleep 1000");
    ContainerProcess cut = made.create(runtime());
    Files.delete(root.resolve(made.id().hex()).resolve("record"));
    Files.writeString(made.bundle().resolve("config.json"), "{\"ociVersion\"");
    assertThatThrownBy(() -> nextRuntime().reattach(made.id(), made.bundle(), made.stdio()))
        .isInstanceOf(Fault.NotFound.class);
    assertThat(cut.await().code()).isNotZero();
    assertThat(root.resolve(made.id().hex())).doesNotExist();
  }

  @Test
  void whoIsAttachedAndStandsStillStopsNoContainerAndGetsTheRestFromTheLog(@TempDir Path folder)
      throws Exception {
    Made made = Made.script(folder, "seq 1 1000000");
    try (ConmonRuntime impatient =
        new ConmonRuntime(Programs.DEFAULT, root, Duration.ofMillis(50), Duration.ofMinutes(1))) {
      ContainerProcess process = made.create(impatient);
      Attachment still = process.attach();
      process.start();
      assertThat(process.await().code()).isZero();
      String all = ContainerRuntimeContract.readAll(still).get(Channel.STDOUT);
      assertThat(all).hasLineCount(1_000_000).startsWith("1\n2\n").endsWith("\n1000000\n");
      process.delete();
    }
  }

  /// Does what runc does, but for one verb, which never ends.
  private static Path hangsAt(Path folder, String verb) throws IOException {
    Path script = folder.resolve("hangs");
    Files.writeString(
        script,
        """
        #!/bin/sh
        for word; do [ "$word" = %s ] && exec sleep 1000; done
        exec /usr/sbin/runc "$@"
        """
            .formatted(verb));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "start", "exec", "update", "delete"})
  void aRuntimeThatHangsIsEndedAndItsContainerCanBeRemoved(String verb, @TempDir Path folder)
      throws Exception {
    Programs programs =
        new Programs(Programs.DEFAULT.conmon(), List.of(OciRuntime.of(hangsAt(folder, verb))));
    Duration limit = Duration.ofSeconds(1);
    Made made = Made.script(folder, "exec sleep 1000");
    if (!verb.equals("create")) {
      ContainerProcess process = made.create(runtime());
      if (!verb.equals("start")) {
        process.start();
      }
    }
    try (ConmonRuntime hangs = new ConmonRuntime(programs, root, limit, limit)) {
      assertThatThrownBy(() -> call(verb, made, hangs))
          .isInstanceOf(Fault.Failed.class)
          .hasMessageContaining("OCI runtime " + verb + " failed: it did not answer within 1 sec");
    }
    ContainerRuntime next = nextRuntime();
    if (!verb.equals("create")) {
      next.reattach(made.id(), made.bundle(), made.stdio()).delete();
    }
    assertThat(root.resolve(made.id().hex())).doesNotExist();
    made.create(next).delete();
  }

  private static void call(String verb, Made made, ConmonRuntime runtime) throws Exception {
    if (verb.equals("create")) {
      made.create(runtime);
      return;
    }
    ContainerProcess process = runtime.reattach(made.id(), made.bundle(), made.stdio());
    switch (verb) {
      case "start" -> process.start();
      case "update" -> process.update("{}".getBytes(StandardCharsets.UTF_8));
      case "exec" ->
          process.exec(
              "more",
              TestBundle.process(false, "true").getBytes(StandardCharsets.UTF_8),
              new Stdio(false, false, false, made.stdio().log(), LogLimits.NONE),
              true);
      default -> process.delete();
    }
  }

  @Test
  void numbersThatBelongToOthersByNowAreLeftAlone(@TempDir Path folder) throws Exception {
    Made made = Made.script(folder, "exec sleep 1000");
    ContainerProcess process = made.create(runtime());
    process.start();
    process.signal(9);
    process.await();
    Process innocent = new ProcessBuilder("sleep", "1000").start();
    try {
      Path record = root.resolve(made.id().hex()).resolve("record");
      List<String> lines = new ArrayList<>(Files.readAllLines(record));
      lines.set(1, innocent.pid() + " " + lines.get(1).split(" ", 2)[1]);
      lines.set(2, innocent.pid() + " " + lines.get(2).split(" ", 2)[1]);
      Files.write(record, lines);

      ContainerProcess again = nextRuntime().reattach(made.id(), made.bundle(), made.stdio());

      assertThat(again.await().code()).isEqualTo(137);
      assertThat(again.signal(9)).isFalse();
      again.delete();
      assertThat(innocent.isAlive()).isTrue();
    } finally {
      innocent.destroyForcibly();
    }
  }

  @Test
  void nothingOfAnEarlierBootIsTakenForOurs(@TempDir Path folder) throws Exception {
    Made made = Made.script(folder, "exec sleep 1000");
    ContainerProcess process = made.create(runtime());
    process.start();
    Path record = root.resolve(made.id().hex()).resolve("record");
    List<String> lines = new ArrayList<>(Files.readAllLines(record));
    List<String> earlier = new ArrayList<>(lines);
    earlier.set(0, "00000000-0000-0000-0000-000000000000");
    Files.write(record, earlier);

    ContainerProcess again = nextRuntime().reattach(made.id(), made.bundle(), made.stdio());

    assertThat(again.await().code()).isEqualTo(255);
    assertThat(again.signal(9)).isFalse();
    assertThat(process.signal(0)).isTrue();
    Files.write(record, lines);
    process.delete();
  }

  @Test
  void aLogThatWasRenamedButNotYetBegunAnewGoesOn(@TempDir Path folder) throws Exception {
    Made made =
        Made.script(folder, "echo one; until [ -e /tmp/go ]; do sleep 0.01; done; echo two");
    ContainerProcess process = made.create(runtime());
    process.start();
    try (LogReader reader = process.logs(FOLLOW)) {
      assertThat(reader.next()).isNotNull();
    }
    Path log = made.stdio().log();
    Files.move(log, log.resolveSibling("log.1"));
    ContainerProcess again = nextRuntime().reattach(made.id(), made.bundle(), made.stdio());
    try (LogReader reader = again.logs(FOLLOW)) {
      Files.createFile(made.bundle().resolve("rootfs/tmp/go"));
      assertThat(ContainerRuntimeContract.text(ContainerRuntimeContract.lines(reader)))
          .isEqualTo("one\ntwo\n");
    }
    again.delete();
  }

  private int monitor(Made made) throws IOException {
    return MonitorRecord.read(root.resolve(made.id().hex()).resolve("record"))
        .orElseThrow()
        .monitor();
  }

  private static void kill(int pid) throws Exception {
    try (Poller poller = new Poller();
        ProcessDescriptor process = ProcessDescriptor.open(poller, pid)) {
      process.signal(9);
      process.await();
    }
  }
}
