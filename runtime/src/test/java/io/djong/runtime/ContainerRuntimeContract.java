package io.djong.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.linux.Cgroup;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.ExecProcess;
import io.djong.runtime.ContainerProcess.LogLine;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import io.djong.runtime.ContainerProcess.Output;
import io.djong.runtime.Stdio.LogLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every ContainerRuntime must do.
public interface ContainerRuntimeContract {
  ContainerRuntime runtime();

  /// A runtime as another daemon would have it, with the same state.
  ContainerRuntime nextRuntime() throws IOException;

  LogQuery ALL = new LogQuery(true, true, -1, null, null, false);
  LogQuery FOLLOW = new LogQuery(true, true, -1, null, null, true);

  /// A container with its bundle.
  record Made(ContainerId id, Path bundle, Stdio stdio) {
    public static Made of(
        Path folder, boolean terminal, boolean stdin, boolean once, String... command)
        throws IOException {
      return of(folder, "{}", LogLimits.DEFAULT, terminal, stdin, once, command);
    }

    public static Made of(
        Path folder,
        String resources,
        LogLimits limits,
        boolean terminal,
        boolean stdin,
        boolean once,
        String... command)
        throws IOException {
      ContainerId id = ContainerId.random();
      Path own = Files.createDirectories(folder.resolve(id.hex()));
      Path bundle = TestBundle.write(own.resolve("bundle"), id, terminal, resources, command);
      Path log = Files.createDirectories(own.resolve("log")).resolve("log");
      return new Made(id, bundle, new Stdio(terminal, stdin, once, log, limits));
    }

    public static Made script(Path folder, String script) throws IOException {
      return of(folder, false, false, false, "/bin/sh", "-c", script);
    }

    public ContainerProcess create(ContainerRuntime runtime) throws IOException {
      return runtime.create(id, bundle, stdio, "");
    }
  }

  static Map<Channel, String> readAll(Attachment attachment) throws IOException {
    Map<Channel, ByteArrayOutputStream> all = new TreeMap<>();
    for (Output o = attachment.read(); o != null; o = attachment.read()) {
      all.computeIfAbsent(o.channel(), c -> new ByteArrayOutputStream()).writeBytes(o.bytes());
    }
    Map<Channel, String> text = new TreeMap<>();
    all.forEach((channel, bytes) -> text.put(channel, bytes.toString(UTF_8)));
    return text;
  }

  static List<LogLine> lines(LogReader reader) throws IOException {
    List<LogLine> lines = new ArrayList<>();
    try (reader) {
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
    }
    return lines;
  }

  static String text(List<LogLine> lines) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    lines.forEach(line -> text.writeBytes(line.bytes()));
    return text.toString(UTF_8);
  }

  @Test
  default void aContainerRunsAndItsExitCodeIsKnown(@TempDir Path folder) throws Exception {
    ContainerProcess process = Made.script(folder, "exit 7").create(runtime());
    assertThat(process.pid()).isPositive();
    assertThat(process.exited()).isNull();
    process.start();
    assertThat(process.await().code()).isEqualTo(7);
    assertThat(process.exited()).isNotNull();
    assertThat(process.pid()).isZero();
    process.delete();
  }

  @Test
  default void whoAttachesBeforeTheStartMissesNothing(@TempDir Path folder) throws Exception {
    for (int i = 0; i < rounds(); i++) {
      ContainerProcess process = Made.script(folder, "echo hi; echo there >&2").create(runtime());
      Attachment attachment = process.attach();
      process.start();
      assertThat(readAll(attachment))
          .as("round %d", i)
          .isEqualTo(Map.of(Channel.STDOUT, "hi\n", Channel.STDERR, "there\n"));
      assertThat(process.await().code()).isZero();
      process.delete();
    }
  }

  /// How often tests of races run.
  default int rounds() {
    return Integer.getInteger("djong.rounds", 20);
  }

  @Test
  default void muchOutputArrivesWholeAtSeveralAttachments(@TempDir Path folder) throws Exception {
    ContainerProcess process = Made.script(folder, "seq 1 200000").create(runtime());
    Attachment one = process.attach();
    Attachment two = process.attach();
    process.start();
    List<String> read = new ArrayList<>();
    Thread other =
        Thread.startVirtualThread(
            () -> {
              try {
                read.add(readAll(two).get(Channel.STDOUT));
              } catch (IOException e) {
                read.add(e.toString());
              }
            });
    String first = readAll(one).get(Channel.STDOUT);
    other.join();
    assertThat(first).hasLineCount(200_000).startsWith("1\n2\n").endsWith("200000\n");
    assertThat(read).containsExactly(first);
    process.delete();
  }

  @Test
  default void stdinReachesTheProcessAndItsEndToo(@TempDir Path folder) throws Exception {
    ContainerProcess process = Made.of(folder, false, true, true, "/bin/cat").create(runtime());
    Attachment attachment = process.attach();
    process.start();
    byte[] much = "some words\n".repeat(100_000).getBytes(UTF_8);
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              try {
                attachment.write(much, 0, much.length);
                attachment.closeStdin();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(readAll(attachment).get(Channel.STDOUT)).isEqualTo(new String(much, UTF_8));
    writer.join();
    assertThat(process.await().code()).isZero();
    process.delete();
  }

  @Test
  default void stdinStaysOpenForTheNextAttachmentUnlessItIsForOneOnly(@TempDir Path folder)
      throws Exception {
    ContainerProcess process =
        Made.of(folder, false, true, false, "/bin/head", "-n", "2").create(runtime());
    try (Attachment first = process.attach()) {
      process.start();
      first.write("one\n".getBytes(UTF_8), 0, 4);
      first.closeStdin();
    }
    try (Attachment second = process.attach()) {
      second.write("two\n".getBytes(UTF_8), 0, 4);
      assertThat(process.await().code()).isZero();
    }
    assertThat(text(lines(process.logs(ALL)))).isEqualTo("one\ntwo\n");
    process.delete();
  }

  static String waitsForSize(int rows, int columns) {
    return "until [ \"$(stty size 2>/dev/null)\" = \"%d %d\" ]; do sleep 0.01; done; echo there"
        .formatted(rows, columns);
  }

  @Test
  default void aTerminalHasTheSizeItWasGivenLast(@TempDir Path folder) throws Exception {
    for (int i = 0; i < rounds() / 4; i++) {
      ContainerProcess process =
          Made.of(folder, true, true, true, "/bin/sh", "-c", waitsForSize(33, 90))
              .create(runtime());
      Attachment attachment = process.attach();
      process.start();
      process.resize(80, 24);
      process.resize(90, 33);
      assertThat(readAll(attachment).get(Channel.STDOUT)).isEqualTo("there\r\n");
      process.delete();
    }
  }

  @Test
  default void aSignalEndsIt(@TempDir Path folder) throws Exception {
    ContainerProcess process = Made.script(folder, "exec sleep 1000").create(runtime());
    process.start();
    assertThat(process.pids()).isNotEmpty();
    assertThat(process.signal(9)).isTrue();
    assertThat(process.await().code()).isEqualTo(137);
    assertThat(process.signal(9)).isFalse();
    process.delete();
    assertThat(process.pids()).isEmpty();
  }

  @Test
  default void whatTheRuntimeRefusesIsToldInItsWords(@TempDir Path folder) throws Exception {
    Made missing = Made.of(folder, false, false, false, "no-such-program");
    assertThatThrownBy(() -> missing.create(runtime()))
        .isInstanceOf(Fault.Failed.class)
        .hasMessageContaining("executable file not found in $PATH");
    Made folderAsProgram = Made.of(folder, false, false, false, "/tmp");
    assertThatThrownBy(() -> folderAsProgram.create(runtime()))
        .isInstanceOf(Fault.Failed.class)
        .hasMessageContaining("permission denied");
    assertThat(missing.bundle()).isDirectoryNotContaining("glob:**/{ctl,attach,winsz}");
    Made path = Made.of(folder, false, false, false, "/no/such");
    assertThatThrownBy(() -> path.create(runtime()))
        .isInstanceOf(Fault.Failed.class)
        .hasMessageContaining("no such file or directory");
  }

  @Test
  default void aCreationThatTheKernelRefusesLeavesNoGroup(@TempDir Path folder) throws Exception {
    String impossible = "{\"cpu\":{\"cpus\":\"4000\"}}";
    Made made = Made.of(folder, impossible, LogLimits.DEFAULT, false, false, false, "/bin/true");

    assertThatThrownBy(() -> made.create(runtime())).isInstanceOf(Fault.Failed.class);

    assertThat(Cgroup.at("/djong-runtime-test/" + made.id().hex()).folders()).isEmpty();
  }

  @Test
  default void theLogTellsLinesStreamsAndTimes(@TempDir Path folder) throws Exception {
    ContainerProcess process =
        Made.script(folder, "echo a; echo b >&2; printf c").create(runtime());
    process.start();
    process.await();
    List<LogLine> all = lines(process.logs(ALL));
    assertThat(text(all.stream().filter(l -> l.channel() == Channel.STDOUT).toList()))
        .isEqualTo("a\nc");
    assertThat(text(lines(process.logs(new LogQuery(false, true, -1, null, null, false)))))
        .isEqualTo("b\n");
    assertThat(lines(process.logs(new LogQuery(true, true, -1, all.getLast().time(), null, false))))
        .hasSizeLessThanOrEqualTo(3)
        .isNotEmpty();
    assertThat(
            lines(
                process.logs(
                    new LogQuery(
                        true, true, -1, null, all.getFirst().time().minusSeconds(1), false))))
        .isEmpty();
    process.delete();
    assertThat(text(lines(process.logs(ALL)))).hasSize(5);
  }

  @Test
  default void theTailOfALogIsItsLastLines(@TempDir Path folder) throws Exception {
    Made made = Made.script(folder, "seq 1 50000; printf end");
    ContainerProcess process = made.create(runtime());
    process.start();
    process.await();
    assertThat(text(lines(process.logs(new LogQuery(true, true, 3, null, null, false)))))
        .isEqualTo("49999\n50000\nend");
    assertThat(lines(process.logs(new LogQuery(true, true, 0, null, null, false)))).isEmpty();
    assertThat(text(lines(process.logs(new LogQuery(true, true, 100000, null, null, false)))))
        .hasLineCount(50001);
    process.delete();
    assertThat(text(lines(runtime().logs(made.stdio(), ALL)))).hasLineCount(50001);
  }

  @Test
  default void whoFollowsALogThatIsRotatedGetsEachLineOnce(@TempDir Path folder) throws Exception {
    Made made =
        Made.of(
            folder,
            "{}",
            LogLimits.kept(200_000, 100),
            false,
            false,
            false,
            "/bin/sh",
            "-c",
            "i=0; while [ $i -lt 30 ]; do seq $((i*1000+1)) $((i*1000+1000)); i=$((i+1)); sleep 0.02; done");
    ContainerProcess process = made.create(runtime());
    try (LogReader reader = process.logs(FOLLOW)) {
      process.start();
      String text = text(lines(reader));
      StringBuilder expected = new StringBuilder();
      for (int i = 1; i <= 30000; i++) {
        expected.append(i).append('\n');
      }
      assertThat(text).isEqualTo(expected.toString());
    }
    assertThat(text(lines(process.logs(ALL)))).hasLineCount(30000);
    assertThat(made.stdio().log().resolveSibling("log.1")).exists();
    process.delete();
  }

  @Test
  default void aLogKeepsNoMoreFilesThanItMay(@TempDir Path folder) throws Exception {
    Made made =
        Made.of(
            folder,
            "{}",
            LogLimits.kept(50_000, 2),
            false,
            false,
            false,
            "/bin/sh",
            "-c",
            "i=0; while [ $i -lt 20 ]; do seq 1 1000; i=$((i+1)); sleep 0.03; done; sleep 0.1; echo last");
    ContainerProcess process = made.create(runtime());
    process.start();
    process.await();
    assertThat(made.stdio().log().resolveSibling("log.1")).exists();
    assertThat(made.stdio().log().resolveSibling("log.3")).doesNotExist();
    assertThat(text(lines(process.logs(ALL)))).endsWith("last\n");
    process.delete();
  }

  @Test
  default void aLogIsPackedFileByFileAndReadAsIfItWereNot(@TempDir Path folder) throws Exception {
    Made made =
        Made.of(
            folder,
            "{}",
            new LogLimits(50_000, 100, true, false, false),
            false,
            false,
            false,
            "/bin/sh",
            "-c",
            "i=0; while [ $i -lt 10 ]; do seq $((i*1000+1)) $((i*1000+1000)); i=$((i+1)); sleep 0.02; done; exec sleep 1000");
    StringBuilder expected = new StringBuilder();
    for (int i = 1; i <= 10000; i++) {
      expected.append(i).append('\n');
    }
    ContainerProcess process = made.create(runtime());
    StringBuilder followed = new StringBuilder();
    try (LogReader reader = process.logs(FOLLOW)) {
      process.start();
      while (followed.length() < expected.length()) {
        followed.append(new String(Objects.requireNonNull(reader.next()).bytes(), UTF_8));
      }
    }
    assertThat(followed).hasToString(expected.toString());
    Path log = made.stdio().log();
    while (Files.notExists(log.resolveSibling("log.1.gz"))
        || Files.exists(log.resolveSibling("log.1"))) {
      Thread.onSpinWait();
    }
    assertThat(text(lines(process.logs(ALL)))).isEqualTo(expected.toString());
    LogQuery tail = new LogQuery(true, true, 9_000, null, null, false);
    assertThat(text(lines(process.logs(tail)))).startsWith("1001\n").endsWith("10000\n");
    process.delete();
    assertThat(text(lines(runtime().logs(made.stdio(), ALL)))).isEqualTo(expected.toString());
    try (Stream<Path> files = Files.list(log.toAbsolutePath().getParent())) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .noneMatch(name -> name.endsWith(".new") || name.endsWith(".tmp"));
    }
  }

  @Test
  default void onePauseStopsAllProcesses(@TempDir Path folder) throws Exception {
    ContainerProcess process =
        Made.script(folder, "while true; do echo tick; sleep 0.01; done").create(runtime());
    process.start();
    Attachment attachment = process.attach();
    assertThat(attachment.read()).isNotNull();
    process.pause();
    long size = lines(process.logs(ALL)).size();
    process.resume();
    try (LogReader reader = process.logs(FOLLOW)) {
      for (long i = 0; i <= size; i++) {
        assertThat(reader.next()).isNotNull();
      }
    }
    process.pause();
    process.delete();
    assertThat(process.await().code()).isEqualTo(137);
  }

  @Test
  default void aProcessCanBeAddedAndAttachedTo(@TempDir Path folder) throws Exception {
    ContainerProcess process = Made.script(folder, "exec sleep 1000").create(runtime());
    process.start();
    Stdio stdio = new Stdio(false, true, true, folder.resolve("none"), LogLimits.DEFAULT);
    for (int i = 0; i < rounds(); i++) {
      byte[] spec =
          TestBundle.process(false, "/bin/sh", "-c", "echo out; echo err >&2; cat; exit 3")
              .getBytes(UTF_8);
      ExecProcess exec = process.exec("exec" + i, spec, stdio, true);
      Attachment attachment = exec.attach();
      attachment.write("in\n".getBytes(UTF_8), 0, 3);
      attachment.closeStdin();
      assertThat(readAll(attachment))
          .isEqualTo(Map.of(Channel.STDOUT, "out\nin\n", Channel.STDERR, "err\n"));
      assertThat(exec.await().code()).isEqualTo(3);
    }
    byte[] missing = TestBundle.process(false, "nothing").getBytes(UTF_8);
    assertThatThrownBy(() -> process.exec("missing", missing, stdio, true))
        .isInstanceOf(Fault.Failed.class)
        .hasMessageContaining("executable file not found in $PATH");
    process.delete();
  }

  @Test
  default void anAddedProcessMayHaveATerminalAndMayBeLeftAlone(@TempDir Path folder)
      throws Exception {
    ContainerProcess process = Made.script(folder, "exec sleep 1000").create(runtime());
    process.start();
    Stdio terminal = new Stdio(true, true, true, folder.resolve("none"), LogLimits.DEFAULT);
    byte[] asks = TestBundle.process(true, "/bin/sh", "-c", waitsForSize(20, 70)).getBytes(UTF_8);
    ExecProcess exec = process.exec("terminal", asks, terminal, true);
    exec.resize(70, 20);
    try (Attachment attachment = exec.attach()) {
      assertThat(readAll(attachment).get(Channel.STDOUT)).isEqualTo("there\r\n");
    }
    Stdio nothing = new Stdio(false, false, false, folder.resolve("none"), LogLimits.DEFAULT);
    byte[] floods = TestBundle.process(false, "/bin/seq", "1", "500000").getBytes(UTF_8);
    assertThat(process.exec("floods", floods, nothing, false).await().code()).isZero();
    byte[] sleeps = TestBundle.process(false, "/bin/sleep", "1000").getBytes(UTF_8);
    ExecProcess sleeping = process.exec("sleeps", sleeps, nothing, false);
    assertThat(sleeping.signal(15)).isTrue();
    assertThat(sleeping.await().code()).isEqualTo(143);
    process.delete();
  }

  @Test
  default void noDescriptorOfOursReachesAContainer(@TempDir Path folder) throws Exception {
    ContainerProcess process =
        Made.script(folder, "ls /proc/self/fd; exec sleep 1000").create(runtime());
    Attachment attachment = process.attach();
    process.start();
    // ls itself holds 3 for the folder.
    assertThat(new String(java.util.Objects.requireNonNull(attachment.read()).bytes(), UTF_8))
        .isEqualTo("0\n1\n2\n3\n");
    Stdio nothing = new Stdio(false, false, false, folder.resolve("none"), LogLimits.DEFAULT);
    byte[] lists = TestBundle.process(false, "/bin/ls", "/proc/self/fd").getBytes(UTF_8);
    assertThat(readAll(process.exec("ls", lists, nothing, true).attach()).get(Channel.STDOUT))
        .isEqualTo("0\n1\n2\n3\n");
    process.delete();
  }

  @Test
  default void theHostsNullBelongsToNoUserOfAContainer(@TempDir Path folder) throws Exception {
    String user = "\"user\":{\"uid\":4711,\"gid\":4711}";
    Made made = Made.script(folder, "exec sleep 1000");
    Path config = made.bundle().resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"user\":{\"uid\":0,\"gid\":0}", user));
    ContainerProcess process = made.create(runtime());
    assertThat(Files.getAttribute(Path.of("/dev/null"), "unix:uid")).isEqualTo(0);
    process.start();
    Stdio nothing = new Stdio(false, false, false, folder.resolve("none"), LogLimits.DEFAULT);
    String added =
        TestBundle.process(false, "/bin/sleep", "1000")
            .replace("\"user\":{\"uid\":0,\"gid\":0}", user);
    assertThat(added).contains(user);
    process.exec("null", added.getBytes(UTF_8), nothing, false);
    assertThat(Files.readAttributes(Path.of("/dev/null"), "unix:uid,gid,mode"))
        .containsEntry("uid", 0)
        .containsEntry("gid", 0)
        .containsEntry("mode", 0020666);
    process.delete();
  }

  @Test
  default void memoryThatRanOutIsTold(@TempDir Path folder) throws Exception {
    Made made =
        Made.of(
            folder,
            "{\"memory\":{\"limit\":16777216,\"swap\":16777216}}",
            LogLimits.DEFAULT,
            false,
            false,
            false,
            "/bin/sh",
            "-c",
            "exec dd if=/dev/zero of=/dev/null bs=64M");
    Files.createDirectories(made.bundle().resolve("rootfs/dev"));
    ContainerProcess process = made.create(runtime());
    process.start();
    ExitStatus status = process.await();
    assertThat(status.code()).isEqualTo(137);
    assertThat(status.oomKilled()).isTrue();
    process.delete();
  }

  @Test
  default void theNextDaemonHasTheSameContainer(@TempDir Path folder) throws Exception {
    Made made =
        Made.of(folder, false, true, false, "/bin/sh", "-c", "echo one; read x; echo $x; exit 5");
    made.create(runtime()).start();
    ContainerRuntime next = nextRuntime();
    ContainerProcess process = next.reattach(made.id(), made.bundle(), made.stdio());
    assertThat(process.pid()).isPositive();
    try (Attachment attachment = process.attach()) {
      attachment.write("two\n".getBytes(UTF_8), 0, 4);
      assertThat(process.await().code()).isEqualTo(5);
    }
    assertThat(text(lines(process.logs(FOLLOW)))).isEqualTo("one\ntwo\n");
    ContainerProcess again = nextRuntime().reattach(made.id(), made.bundle(), made.stdio());
    assertThat(again.await().code()).isEqualTo(5);
    again.delete();
    assertThatThrownBy(() -> next.reattach(made.id(), made.bundle(), made.stdio()))
        .isInstanceOf(Fault.NotFound.class);
  }

  @Test
  default void aContainerThatNeverRanCanBeDeletedAndDeletingAgainIsHarmless(@TempDir Path folder)
      throws Exception {
    Made made = Made.script(folder, "true");
    ContainerProcess process = made.create(runtime());
    process.delete();
    process.delete();
    assertThat(process.await().code()).isEqualTo(137);
    made.create(runtime()).delete();
  }
}
