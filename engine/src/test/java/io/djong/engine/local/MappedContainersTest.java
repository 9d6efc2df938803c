package io.djong.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.engine.Containers;
import io.djong.engine.Containers.PendingExit;
import io.djong.engine.Containers.WaitCondition;
import io.djong.engine.Filters;
import io.djong.layers.Snapshot;
import io.djong.linux.IdMapping.Range;
import io.djong.model.Fault;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Containers in user namespaces, in an engine of real parts. Needs root.
final class MappedContainersTest {
  private static final long FIRST = 1_900_000_000;
  private static final String LINE = "djong-engine-test:" + FIRST + ":65536";
  private static final List<Path> IDS = List.of(Path.of("/etc/subuid"), Path.of("/etc/subgid"));

  @TempDir(cleanup = CleanupMode.NEVER)
  Path root;

  private TestMachine machine;

  @BeforeEach
  void open() throws IOException {
    for (Path file : IDS) {
      Files.write(file, List.of(LINE), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    // Root of a user namespace walks to its tree.
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
    machine = TestMachine.open(root).reopened("djong-engine-test");
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
    for (Path file : IDS) {
      List<String> rest = new ArrayList<>(Files.readAllLines(file));
      rest.remove(LINE);
      Files.write(file, rest);
    }
  }

  private Containers containers() {
    return machine.engine().containers();
  }

  private String create(String host, String... command) throws IOException {
    String cmd = Json.full().writeText(List.of(command));
    return containers()
        .create(
            null,
            Json.lean().read(ContainerConfig.class, "{\"Image\":\"busybox\",\"Cmd\":" + cmd + "}"),
            Json.lean().read(HostConfig.class, "{\"NetworkMode\":\"none\"" + host + "}"),
            new NetworkingConfig(Map.of()),
            null)
        .id()
        .hex();
  }

  /// What a container writes in one more run.
  private String run(String id) throws Exception {
    int before = logs(id).length();
    PendingExit exit = containers().awaitExit(id, WaitCondition.NEXT_EXIT);
    containers().start(id);
    assertThat(exit.await().code()).isZero();
    return logs(id).substring(before).replaceAll(" +", " ").strip();
  }

  private String logs(String id) throws IOException {
    return Logs.of(containers(), id);
  }

  @Test
  void aContainerKeepsItsIdsWhateverTheEngineIsToldLater() throws Exception {
    String mapped = create("", "cat", "/proc/self/uid_map");
    assertThat(run(mapped)).isEqualTo("0 " + FIRST + " 65536");

    machine = machine.reopened(null);
    String plain = create("", "cat", "/proc/self/uid_map");

    assertThat(run(mapped)).isEqualTo("0 " + FIRST + " 65536");
    assertThat(run(plain)).isEqualTo("0 0 4294967295");
    assertThat(Objects.requireNonNull(containers().inspect(mapped, false).idMapping()).users())
        .containsExactly(new Range(0, FIRST, 65536));
    assertThat(containers().inspect(plain, false).idMapping()).isNull();

    machine = machine.reopened("djong-engine-test");
    assertThat(run(plain)).isEqualTo("0 0 4294967295");
  }

  @Test
  void theChangesOfAContainerAreThoseOfOneWithoutAUserNamespace() throws Exception {
    String[] work = {
      "sh",
      "-c",
      "echo x > /made; chown 7:8 /made; mkdir /etc/d; rm /bin/true; chmod 700 /bin/busybox;"
          + " touch -d '2020-01-01 00:00:00' /made /etc/d /etc /bin /bin/busybox"
    };
    String mapped = create("", work);
    String plain = create(",\"UsernsMode\":\"host\"", work);
    run(mapped);
    run(plain);

    assertThat(layer(mapped)).isEqualTo(layer(plain));
  }

  private List<Byte> layer(String id) throws IOException {
    Snapshot.Active tree = Objects.requireNonNull(machine.snapshots().active(id));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    machine.snapshots().diff(tree, bytes);
    List<Byte> all = new ArrayList<>();
    for (byte b : bytes.toByteArray()) {
      all.add(b);
    }
    return all;
  }

  @Test
  void aUserWithoutIdsIsTold() throws Exception {
    assertThatThrownBy(() -> machine = machine.reopened("djong-nobody-has-this"))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("add a line such as djong-nobody-has-this:100000:65536");
    machine = machine.openedAnew();
  }
}
