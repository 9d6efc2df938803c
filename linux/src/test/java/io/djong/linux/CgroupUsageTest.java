package io.djong.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files as Linux 6.1 with version 2 alone shows them. The second kernel proves that they are so.
class CgroupUsageTest {
  @TempDir Path group = Path.of("");

  private void kernelSays(Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(group.resolve(file.getKey()), file.getValue());
    }
  }

  @Test
  void versionTwoIsCountedInTheUnitsOfVersionOne() throws Exception {
    kernelSays(
        Map.of(
            "cgroup.controllers", "cpu io memory pids\n",
            "cpu.stat",
                "usage_usec 40\nuser_usec 30\nsystem_usec 10\nnr_periods 5\nnr_throttled 2\nthrottled_usec 7\n",
            "memory.current", "163840\n",
            "memory.max", "max\n",
            "memory.events", "low 0\nhigh 0\nmax 27\noom 3\noom_kill 1\noom_group_kill 0\n",
            "memory.stat", "anon 49152\ninactive_file 4096\n",
            "pids.current", "1\n",
            "pids.max", "60\n",
            "io.stat", "98:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n"));

    CgroupUsage usage = CgroupUsage.of(List.of(group));

    assertThat(usage.cpu()).isEqualTo(40_000);
    assertThat(usage.userCpu()).isEqualTo(30_000);
    assertThat(usage.kernelCpu()).isEqualTo(10_000);
    assertThat(usage.throttledTime()).isEqualTo(7_000);
    assertThat(usage.perCpu()).isEmpty();
    assertThat(usage.memory()).isEqualTo(163840);
    assertThat(usage.memoryMax()).isNull();
    assertThat(usage.memoryLimit()).isNull();
    assertThat(usage.memoryFailures()).isEqualTo(3);
    assertThat(usage.memoryStats()).containsEntry("inactive_file", 4096L);
    assertThat(usage.pids()).isEqualTo(1);
    assertThat(usage.pidsLimit()).isEqualTo(60);
    assertThat(usage.bytes())
        .containsExactly(
            new CgroupUsage.DeviceCount(98, 0, "read", 4096),
            new CgroupUsage.DeviceCount(98, 0, "write", 8192));
  }

  @Test
  void timeIsCountedWhereMemoryIsNotControlled() throws Exception {
    kernelSays(
        Map.of(
            "cgroup.controllers",
            "cpu pids\n",
            "cpu.stat",
            "usage_usec 40\n",
            "pids.current",
            "1\n"));

    assertThat(CgroupUsage.of(List.of(group)).cpu()).isEqualTo(40_000);
  }

  @Test
  void processesOfThreadedGroupsAreFoundInTheGroupAbove() throws Exception {
    Path threaded = Files.createDirectory(group.resolve("threads"));
    kernelSays(Map.of("cgroup.procs", "12\n13\n"));
    Files.writeString(threaded.resolve("cgroup.type"), "threaded\n");
    // The kernel answers EOPNOTSUPP; a folder cannot be read as a file either.
    Files.createDirectory(threaded.resolve("cgroup.procs"));

    assertThat(new Cgroup(List.of(group)).pids()).containsExactly(12, 13);
  }
}
