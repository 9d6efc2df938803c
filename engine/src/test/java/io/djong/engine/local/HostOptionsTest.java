package io.djong.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.engine.ContainerState;
import io.djong.engine.ContainerUsage;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// What a container may have of its host, seen from inside and in the kernel's files. Needs root.
@Timeout(60)
final class HostOptionsTest {
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

  private String started(String host) throws Exception {
    String id = fleet.create("", host, "sleep", "1000");
    fleet.containers().start(id);
    return id;
  }

  private int pid(String id) throws IOException {
    return ((ContainerState.Running) fleet.containers().inspect(id, false).state()).pid();
  }

  private static HostConfig limits(String json) {
    return Json.full().read(HostConfig.class, json);
  }

  @Test
  void whatItUsesIsCounted() throws Exception {
    String id = started("\"Memory\":104857600,\"PidsLimit\":50");

    ContainerUsage.Counted counted = Objects.requireNonNull(fleet.containers().usage(id).counted());

    assertThat(counted.memoryLimit()).isEqualTo(104857600);
    assertThat(counted.group().memory()).isPositive();
    assertThat(counted.group().cpu()).isPositive();
    assertThat(counted.group().pids()).isEqualTo(1);
    assertThat(counted.group().pidsLimit()).isEqualTo(50);
    assertThat(counted.systemCpu()).isGreaterThan(counted.group().cpu());
  }

  @Test
  void whatDoesNotRunUsesNothing() throws Exception {
    String id = fleet.create("", "", "true");

    assertThat(fleet.containers().usage(id).counted()).isNull();
  }

  @Test
  void limitsChangeWhileItRuns() throws Exception {
    String id = started("\"Memory\":104857600");

    fleet
        .containers()
        .update(id, limits("{\"Memory\":209715200,\"MemorySwap\":-1,\"PidsLimit\":7}"), null);

    ContainerUsage.Counted counted = Objects.requireNonNull(fleet.containers().usage(id).counted());
    assertThat(counted.memoryLimit()).isEqualTo(209715200);
    assertThat(counted.group().pidsLimit()).isEqualTo(7);
    HostConfig shown = fleet.containers().inspect(id, false).host();
    assertThat(shown.memory()).isEqualTo(209715200);
    assertThat(shown.pidsLimit()).isEqualTo(7);
  }

  @Test
  void aLimitAboveItsSwapIsRefusedInDockersWords() throws Exception {
    String id = started("\"Memory\":104857600");

    assertThatThrownBy(() -> fleet.containers().update(id, limits("{\"Memory\":1073741824}"), null))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage(
            "Cannot update container "
                + id
                + ": Memory limit should be smaller than already set memoryswap limit, update the"
                + " memoryswap at the same time");
  }

  @Test
  void itsRestartPolicyChanges() throws Exception {
    String id = started("");

    fleet.containers().update(id, limits("{}"), new HostConfig.RestartPolicy("always", 0));
    ProcessHandle.of(pid(id)).orElseThrow().destroyForcibly();

    fleet.await(id, "start"::equals, 2);
    assertThat(fleet.containers().inspect(id, false).host().restartPolicy().name())
        .isEqualTo("always");
  }

  @Test
  void anothersProcessesAreSeenInItsNamespace() throws Exception {
    String other = started("");
    String id =
        fleet.create(
            "",
            "\"PidMode\":\"container:" + other + "\"",
            "sh",
            "-c",
            "ls -d /proc/1 && cat /proc/1/cmdline");

    fleet.run(id);

    assertThat(fleet.logs(id)).contains("sleep");
  }

  @Test
  void sharedMemoryIsSharedByConsentOnly() throws Exception {
    String open = started("\"IpcMode\":\"shareable\"");
    String closed = started("");
    String id =
        fleet.create(
            "", "\"IpcMode\":\"container:" + open + "\"", "sh", "-c", "echo ahoy > /dev/shm/word");
    fleet.run(id);

    String reader =
        fleet.create("", "\"IpcMode\":\"container:" + open + "\"", "cat", "/dev/shm/word");
    fleet.run(reader);

    assertThat(fleet.logs(reader)).isEqualTo("ahoy\n");
    assertThatThrownBy(() -> fleet.create("", "\"IpcMode\":\"container:" + closed + "\"", "true"))
        .hasMessageContaining("non-shareable IPC");
    fleet.containers().remove(open, true, false);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(open + "/shm");
  }

  @Test
  void aRuleOpensADevice() throws Exception {
    String probe = "touch /x; busybox mknod /k c 10 237; cat /k";
    String closed = fleet.create("", "", "/bin/busybox", "sh", "-c", probe);
    fleet.run(closed);
    String open =
        fleet.create(
            "", "\"DeviceCgroupRules\":[\"c 10:237 rwm\"]", "/bin/busybox", "sh", "-c", probe);
    fleet.run(open);

    assertThat(fleet.logs(closed)).contains("Operation not permitted");
    assertThat(fleet.logs(open)).doesNotContain("Operation not permitted");
  }

  @Test
  void aProfileOfOnesOwnFiltersCalls() throws Exception {
    String profile =
        Json.full()
            .writeText(
                "seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":"
                    + "[\"mkdir\",\"mkdirat\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":30}]}");
    String id =
        fleet.create(
            "",
            "\"SecurityOpt\":[" + profile + "]",
            "/bin/busybox",
            "sh",
            "-c",
            "busybox mkdir /d");

    fleet.run(id);

    assertThat(fleet.logs(id)).contains("Read-only file system");
  }

  @Test
  void aProfileThatIsNoneIsRefused() {
    assertThatThrownBy(() -> fleet.create("", "\"SecurityOpt\":[\"seccomp={\"]", "true"))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("Decoding seccomp profile failed");
  }

  @Test
  void aBlockDeviceIsThrottled() throws Exception {
    Path disk = null;
    try (var devices = Files.list(Path.of("/sys/block"))) {
      for (Path device : devices.toList()) {
        Path node = Path.of("/dev", String.valueOf(device.getFileName()));
        disk = Files.exists(node) ? node : disk;
      }
    }
    String id = started("\"BlkioDeviceWriteBps\":[{\"Path\":\"" + disk + "\",\"Rate\":1048576}]");

    String cgroup = Files.readString(Path.of("/proc", String.valueOf(pid(id)), "cgroup"));

    assertThat(cgroup).contains(id);
    assertThatThrownBy(
            () -> started("\"BlkioDeviceReadBps\":[{\"Path\":\"/dev/none\",\"Rate\":1}]"))
        .hasMessageContaining("/dev/none");
  }
}
