package io.djong.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.engine.ContainerState;
import io.djong.engine.Containers;
import io.djong.engine.Containers.PendingExit;
import io.djong.engine.Containers.WaitCondition;
import io.djong.engine.Execs.ExecConfig;
import io.djong.engine.Filters;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.json.Json;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Output;
import io.djong.runtime.ExitStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The engine with real layers, mounts, namespaces and processes. Needs root.
final class LocalEngineTest {
  @TempDir(cleanup = CleanupMode.NEVER)
  Path root;

  private TestMachine machine;

  @BeforeEach
  void open() throws IOException {
    machine = TestMachine.open(root);
    machine
        .engine()
        .images()
        .importTree(TestMachine.tree(List.of()), "busybox", null, null, List.of(), null);
  }

  @AfterEach
  void removeAll() throws Exception {
    for (var container : containers().list(true, 0, false, Filters.NONE)) {
      containers().remove(container.id().hex(), true, true);
    }
    machine.discard();
  }

  private Containers containers() {
    return machine.engine().containers();
  }

  private String createFrom(String image, String host, String... command) throws IOException {
    String words = Json.full().writeText(List.of(command));
    String cmd = command.length == 0 ? "" : ",\"Cmd\":" + words;
    return containers()
        .create(
            null,
            Json.lean().read(ContainerConfig.class, "{\"Image\":\"" + image + "\"" + cmd + "}"),
            Json.lean().read(HostConfig.class, host),
            new NetworkingConfig(Map.of()),
            null)
        .id()
        .hex();
  }

  private String create(String... command) throws IOException {
    return createFrom("busybox", "{\"NetworkMode\":\"none\"}", command);
  }

  private ExitStatus run(String id) throws Exception {
    PendingExit exit = containers().awaitExit(id, WaitCondition.NEXT_EXIT);
    containers().start(id);
    return exit.await();
  }

  private String logs(String id) throws IOException {
    return Logs.of(containers(), id);
  }

  @Test
  void aContainersOutputAndCodeAreKept() throws Exception {
    String id = create("sh", "-c", "echo ahoy; exit 42");

    assertThat(run(id).code()).isEqualTo(42);
    assertThat(logs(id)).isEqualTo("ahoy\n");
    assertThat(containers().inspect(id, false).state().word()).isEqualTo("exited");
  }

  @Test
  void whoAttachesBeforeTheStartMissesNothing() throws Exception {
    String id = create("echo", "first word");
    StringBuilder heard = new StringBuilder();

    try (Attachment attachment = containers().attach(id)) {
      containers().start(id);
      for (Output output = attachment.read(); output != null; output = attachment.read()) {
        heard.append(new String(output.bytes(), UTF_8));
      }
    }

    assertThat(heard).hasToString("first word\n");
  }

  @Test
  void aCommandThatIsNotThereEndsTheStartWith127() throws Exception {
    String id = create("nope");

    assertThatThrownBy(() -> containers().start(id))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("exec: \"nope\": executable file not found in $PATH");

    assertThat(containers().inspect(id, false).state())
        .isInstanceOfSatisfying(
            ContainerState.Exited.class, ended -> assertThat(ended.status().code()).isEqualTo(127));
  }

  @Test
  void aContainerThatRemovesItselfLeavesNothing() throws Exception {
    String id = createFrom("busybox", "{\"AutoRemove\":true}", "true");
    PendingExit removal = containers().awaitExit(id, WaitCondition.REMOVED);
    containers().start(id);

    assertThat(removal.await().code()).isZero();
    assertThat(containers().list(true, 0, false, Filters.NONE)).isEmpty();
    machine = machine.reopened();
    try (Stream<Path> left = Files.walk(root)) {
      assertThat(left.filter(path -> path.getFileName().toString().equals(id))).isEmpty();
    }
  }

  @Test
  void runningContainersOutliveTheEngine() throws Exception {
    String runs = create("sleep", "1000");
    String ends = create("sh", "-c", "echo before; sleep 1; exit 5");
    containers().start(runs);
    containers().start(ends);
    int pid = ((ContainerState.Running) containers().inspect(runs, false).state()).pid();

    machine = machine.reopened();
    ExitStatus status = containers().awaitExit(ends, WaitCondition.NOT_RUNNING).await();

    assertThat(status.code()).isEqualTo(5);
    assertThat(logs(ends)).isEqualTo("before\n");
    assertThat(containers().inspect(runs, false).state())
        .isInstanceOfSatisfying(
            ContainerState.Running.class, running -> assertThat(running.pid()).isEqualTo(pid));
    assertThat(containers().stop(runs, "KILL", 1)).isTrue();
    assertThat(containers().awaitExit(runs, WaitCondition.NOT_RUNNING).await().code())
        .isEqualTo(137);
  }

  @Test
  void namesBelongToOneContainer() throws Exception {
    String id = create("true");
    containers().rename(id, "taken");
    String other = create("true");

    assertThatThrownBy(() -> containers().rename(other, "taken"))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("is already in use by container \"" + id + "\"");
    assertThat(containers().inspect("taken", false).id().hex()).isEqualTo(id);
  }

  @Test
  void anExecTellsItsCodeWhenItsStreamsEnd() throws Exception {
    String id = create("sleep", "1000");
    containers().start(id);
    String exec =
        machine
            .engine()
            .execs()
            .create(
                id,
                new ExecConfig(
                    List.of("sh", "-c", "echo in; exit 7"),
                    List.of(),
                    null,
                    null,
                    false,
                    false,
                    true,
                    true,
                    false,
                    null));

    StringBuilder heard = new StringBuilder();
    try (Attachment streams =
        Objects.requireNonNull(machine.engine().execs().start(exec, false, null, 0, 0, () -> {}))) {
      for (Output output = streams.read(); output != null; output = streams.read()) {
        heard.append(new String(output.bytes(), UTF_8));
      }
    }

    assertThat(heard).hasToString("in\n");
    assertThat(machine.engine().execs().inspect(exec).exitCode()).isEqualTo(7);
  }

  @Test
  void filesGoInAndOutOfContainersThatDoNotRun() throws Exception {
    String id = create("cat", "/etc/note");
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (var writer = new TarWriter(tar)) {
      writer.put(
          TarEntry.file("note", 0644, 5, Instant.EPOCH),
          new ByteArrayInputStream("hello".getBytes(UTF_8)));
    }

    containers().copyIn(id, "/etc", new ByteArrayInputStream(tar.toByteArray()), true, false);

    assertThat(run(id).code()).isZero();
    assertThat(logs(id)).isEqualTo("hello");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(containers().copyOut(id, "/etc/note", stat -> out).size()).isEqualTo(5);
    assertThat(out.toString(UTF_8)).contains("hello");
    assertThatThrownBy(() -> containers().statPath(id, "/nope")).isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void whatAContainerChangedBecomesAnImage() throws Exception {
    String id = create("sh", "-c", "echo changed > /new");
    run(id);

    machine
        .engine()
        .images()
        .commit(id, "made", "1", null, null, true, List.of("CMD [\"cat\",\"/new\"]"), null);
    String second = createFrom("made:1", "{\"NetworkMode\":\"none\"}");

    assertThat(run(second).code()).isZero();
    assertThat(logs(second)).isEqualTo("changed\n");
    assertThat(containers().changes(id)).extracting("path").containsExactly("/new");
    assertThatThrownBy(() -> machine.engine().images().remove("made:1", false, false))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("(must force) - container");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "proc", "sys"})
  void anImageWhoseKernelFoldersAreLinksIsNotStarted(String name) throws Exception {
    Path canary = Files.createDirectory(root.resolve("canary-" + name));
    hostile(TarEntry.symlink(name, "/../../../../.." + canary, Instant.EPOCH));
    String id = createFrom("hostile", "{\"NetworkMode\":\"none\"}", "true");

    assertThatThrownBy(() -> containers().start(id)).isInstanceOf(Fault.Invalid.class);

    assertThat(canary).isEmptyDirectory();
  }

  @Test
  void mountTargetsStayInsideWhereverLinksPoint() throws Exception {
    Path canary = Files.createDirectory(root.resolve("canary"));
    hostile(
        TarEntry.symlink("out", canary.toString(), Instant.EPOCH),
        TarEntry.symlink("etc/hosts", canary + "/hosts", Instant.EPOCH));
    Files.writeString(canary.resolve("secret"), "not yours");
    String id =
        createFrom(
            "hostile",
            "{\"NetworkMode\":\"none\",\"Binds\":[\"/out/inside\",\"filled:/out\"]}",
            "ls",
            "/out");

    assertThat(run(id).code()).isZero();
    assertThat(logs(id)).doesNotContain("secret");
    assertThat(canary.toFile().list()).containsExactly("secret");
  }

  /// The runtime itself would read them, and never end.
  @ParameterizedTest
  @ValueSource(strings = {"etc/passwd", "etc/group"})
  void aFifoInThePlaceOfTheAccountsIsRefused(String name) throws Exception {
    hostile(
        new TarEntry(
            TarEntry.Kind.FIFO,
            RawPath.of(name),
            0644,
            0,
            0,
            0,
            Instant.EPOCH,
            null,
            new byte[0],
            0,
            0,
            new TreeMap<>()));
    String id = createFrom("hostile", "{\"NetworkMode\":\"none\"}", "true");

    assertThatThrownBy(() -> containers().start(id))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessage("/" + name + " of the image is not a regular file");
  }

  @Test
  void accountsThatLeadToTheKernelsFilesAreRefused() throws Exception {
    hostile(
        TarEntry.folder("dev", 0755, Instant.EPOCH),
        TarEntry.file("dev/zero", 0644, 0, Instant.EPOCH),
        TarEntry.symlink("etc/passwd", "/dev/zero", Instant.EPOCH));
    String id = createFrom("hostile", "{\"NetworkMode\":\"none\"}", "true");

    assertThatThrownBy(() -> containers().start(id)).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aWorkingDirectoryInProcIsRefused() throws Exception {
    machine
        .engine()
        .images()
        .importTree(
            TestMachine.tree(List.of()),
            "hostile",
            null,
            null,
            List.of("WORKDIR /proc/self/fd/7"),
            null);
    String id = createFrom("hostile", "{\"NetworkMode\":\"none\"}", "true");

    assertThatThrownBy(() -> containers().start(id)).isInstanceOf(Fault.Invalid.class);
  }

  private void hostile(TarEntry... entries) throws IOException {
    machine
        .engine()
        .images()
        .importTree(TestMachine.tree(List.of(entries)), "hostile", null, null, List.of(), null);
  }
}
