package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// djong on another kernel (decision 52): control groups of version 2 alone, the daemon in a group
/// as systemd makes one, a clock that jumps, a kernel that panics and boots again. Two boots for
/// all; what happens in them is `src/test/second-kernel/init`.
class SecondKernelTest {
  private static final Path INIT =
      LiveDaemon.REPOSITORY.resolve("verify/src/test/second-kernel/init").toAbsolutePath();

  @TempDir static Path folder = Path.of("");

  private static final Map<String, String> FOUND = new HashMap<>();

  @BeforeAll
  static void bootTwice() throws Exception {
    Program.djong(Map.of(), "--version").ok();
    Path disk = folder.resolve("disk");
    Program.run(List.of("truncate", "-s", "1G", disk.toString()), Map.of(), null).ok();
    Program.run(List.of("mkfs.ext4", "-q", disk.toString()), Map.of(), null).ok();
    Files.copy(Path.of("/bin/busybox"), folder.resolve("busybox"));
    Files.createFile(folder.resolve("results"));
    boot(disk, "first");
    boot(disk, "second");
    for (String line : Files.readAllLines(folder.resolve("results"))) {
      String[] words = line.split(": ?", 2);
      FOUND.put(words[0], words[1].strip());
    }
  }

  /// A panic ends the program as a halt does: neither has an exit code that tells anything.
  private static void boot(Path disk, String part) throws IOException, InterruptedException {
    Program.Result result =
        Program.run(
            List.of(
                "/usr/bin/linux",
                "mem=1536M",
                "ubd0=" + disk,
                "rootfstype=hostfs",
                "rootflags=/",
                "rw",
                "quiet",
                "panic=1",
                "con=null",
                "con0=fd:0,fd:1",
                "uml_dir=" + folder.resolve("uml"),
                "init=" + INIT,
                "WORK=" + folder,
                "REPOSITORY=" + LiveDaemon.REPOSITORY.toRealPath(),
                "PART=" + part),
            Map.of(),
            "");
    Files.writeString(folder.resolve(part + ".console"), result.out() + result.err());
  }

  private static String found(String name) throws IOException {
    String value = FOUND.get(name);
    if (value == null) {
      throw new AssertionError("nothing is known of " + name + ": " + told());
    }
    return value;
  }

  private static String told() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("first.log", "first.console", "second.log", "second.console")) {
      Path file = folder.resolve(name);
      String text = Files.exists(file) ? Files.readString(file) : "";
      all.append(name).append(":\n").append(text, Math.max(0, text.length() - 4000), text.length());
    }
    return all.toString();
  }

  @Test
  void infoTellsTheVersionAndWhyLayersAreUnpacked() throws Exception {
    assertThat(found("info")).isEqualTo("2 cgroupfs overlay2");
    assertThat(found("why")).contains("erofs does not work here");
  }

  @Test
  void limitsReachTheGroup() throws Exception {
    assertThat(found("limits")).isEqualTo("67108864 33554432 50000 100000 50 33554432 20");
    assertThat(found("rate")).contains("rbps=1048576");
    assertThat(found("runc")).isEqualTo("67108864");
  }

  @Test
  void limitsChangeWhileItRuns() throws Exception {
    assertThat(found("updated")).isEqualTo("83886080 83886080 100000 100000 60");
  }

  @Test
  void usageIsToldAsDockerTellsIt() throws Exception {
    assertThat(found("stats")).matches("[0-9.]+KiB / 64MiB 1");
    assertThat(found("statistics"))
        .contains("\"inactive_file\":", "\"limit\":67108864", "\"online_cpus\":1")
        .doesNotContain("percpu_usage", "max_usage", "\"cache\"");
  }

  @Test
  void aContainerIsFrozenAndThawed() throws Exception {
    assertThat(found("paused")).isEqualTo("populated 1 frozen 1 paused 0");
    assertThat(found("resumed")).isEqualTo("populated 1 frozen 0 running 0");
  }

  @Test
  void aContainerSeesItsOwnGroupAsTheRootUnlessToldOtherwise() throws Exception {
    assertThat(found("exec")).isEqualTo("0::/");
    assertThat(found("host")).startsWith("0::/djong/");
    assertThat(found("parent")).startsWith("0::/own/place/");
  }

  @Test
  void processesAreFoundAlsoWhereAGroupIsThreaded() throws Exception {
    assertThat(found("top")).endsWith("sleep 1000");
    assertThat(found("threads")).endsWith("sleep 1000");
  }

  @Test
  void limitsThatVersionTwoHasNotAreDiscardedWithAWarning() throws Exception {
    assertThat(found("discarded"))
        .contains("OomKillDisable discarded", "Memory swappiness discarded", "Cpuset discarded")
        .endsWith("41943040");
  }

  @Test
  void memoryThatRanOutIsTold() throws Exception {
    assertThat(found("oom")).isEqualTo("true 137");
  }

  @Test
  void noGroupIsLeftBehind() throws Exception {
    assertThat(found("groups")).isEmpty();
    assertThat(found("left")).isEmpty();
  }

  @Test
  void whenTheClockJumpsForwardChecksAndTimeoutsGoOn() throws Exception {
    assertThat(found("forward")).isEqualTo("checked deaf exited 137");
  }

  @Test
  void whenTheClockJumpsBackRestartsChecksAndTimeoutsGoOn() throws Exception {
    assertThat(found("back")).isEqualTo("2 deaf2 exited 137");
    assertThat(found("health")).isEqualTo("healthy");
    assertThat(found("since")).startsWith("now");
  }

  @Test
  void afterAPanicNothingCountsAsRunningAndPoliciesHold() throws Exception {
    assertThat(found("boot2")).isNotEqualTo(found("boot"));
    assertThat(found("states")).isEqualTo("plain exited 255, stopped exited 137, again exited 3");
    assertThat(found("always")).isEqualTo("running 0");
    assertThat(found("gone")).contains("No such object");
    assertThat(found("start")).isEqualTo("plain running 0");
  }

  @Test
  void afterAPanicTheStoreIsSoundAndWhatWasAcknowledgedIsThere() throws Exception {
    assertThat(found("kept")).isEqualTo("1");
    assertThat(found("fsck")).contains("all is well");
  }
}
