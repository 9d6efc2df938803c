package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// `djong run --userns=auto`: a range of ids of each container's own. By our own command line.
@ExtendWith(SharedDaemon.class)
class OwnUserNamespacesTest {
  private static final long FIRST = 1_800_000_000;

  private final LiveDaemon daemon;
  private SubordinateIdLines ids;

  OwnUserNamespacesTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @BeforeEach
  void giveIds() throws Exception {
    // Root of a user namespace walks to its tree.
    Files.setPosixFilePermissions(daemon.folder(), PosixFilePermissions.fromString("rwx--x--x"));
    ids = SubordinateIdLines.add("djong:" + FIRST + ":3000");
  }

  @AfterEach
  void removeAll() throws Exception {
    for (String id : daemon.docker("ps", "-aq", "--filter", "name=auto-").ok().lines()) {
      daemon.docker("rm", "-f", "-v", id).ok();
    }
    daemon.docker("volume", "rm", "-f", "auto-cargo").ok();
    ids.close();
  }

  private Program.Result run(String name, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(List.of(words));
    command.addAll(List.of("busybox", "sleep", "1000"));
    return daemon.djong(command.toArray(String[]::new));
  }

  private List<Long> range(String container) throws Exception {
    String[] numbers =
        daemon.docker("exec", container, "cat", "/proc/self/uid_map").ok().line().split(" +", -1);
    return List.of(Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
  }

  @Test
  void eachContainerHasARangeOfItsOwnUntilItIsRemoved() throws Exception {
    run("auto-one", "--userns=auto:size=1000").ok();
    run("auto-two", "--userns=auto:size=1500").ok();

    assertThat(range("auto-one")).containsExactly(FIRST, 1000L);
    assertThat(range("auto-two")).containsExactly(FIRST + 1000, 1500L);
    assertThat(run("auto-three", "--userns=auto:size=1000").err())
        .contains("no 1000 ids in a row are left for --userns=auto");
    assertThat(daemon.docker("inspect", "auto-three").code()).isNotZero();
    daemon.kill();
    daemon.launch();
    daemon.docker("stop", "-t", "0", "auto-one").ok();
    assertThat(run("auto-three", "--userns=auto:size=1000").code()).isNotZero();
    daemon.docker("start", "auto-one").ok();
    assertThat(range("auto-one")).containsExactly(FIRST, 1000L);
    daemon.docker("rm", "-f", "auto-one").ok();
    run("auto-three", "--userns=auto:size=1000").ok();
    assertThat(range("auto-three")).containsExactly(FIRST, 1000L);
    assertThat(
            daemon.docker("inspect", "-f", "{{json .IDMappings.UidMap}}", "auto-three").ok().line())
        .isEqualTo("[\"0:" + FIRST + ":1000\"]");
  }

  @Test
  void volumesAreSharedWithContainersOfOtherIds() throws Exception {
    for (String container : List.of("auto-one", "auto-two")) {
      run(container, "--userns=auto:size=1000", "-v", "auto-cargo:/c").ok();
      daemon
          .docker(
              "exec",
              container,
              "sh",
              "-c",
              "echo x > /c/" + container + "; chown 12:13 /c/" + container)
          .ok();
    }
    String stat = "stat -c %u:%g /c/auto-one /c/auto-two";

    for (String container : List.of("auto-one", "auto-two")) {
      assertThat(daemon.docker("exec", container, "sh", "-c", stat).ok().line())
          .isEqualTo("12:13\n12:13");
    }
    assertThat(
            daemon
                .docker("run", "--rm", "-v", "auto-cargo:/c", "busybox", "sh", "-c", stat)
                .ok()
                .line())
        .isEqualTo("12:13\n12:13");
  }

  @Test
  void aFolderInTheWayIsNamed() throws Exception {
    Files.setPosixFilePermissions(daemon.folder(), PosixFilePermissions.fromString("rwx------"));

    assertThat(run("auto-one", "--userns=auto:size=1000").err())
        .contains("chmod o+x " + daemon.folder());
  }

  @Test
  void whatCannotBeIsRefused() throws Exception {
    run("auto-one", "--userns=auto:size=1000").ok();

    assertThat(run("auto-x", "--userns=auto:size=0").err())
        .contains("invalid user namespace mode \"auto:size=0\"");
    assertThat(run("auto-x", "--userns=keep-id").err())
        .contains("user namespace mode \"keep-id\" is not supported");
    assertThat(run("auto-x", "--userns=auto:size=10", "--privileged").err())
        .contains("privileged mode is incompatible with user namespaces");
    assertThat(run("auto-x", "--userns=auto:size=10", "--pid=container:auto-one").err())
        .contains("cannot share namespaces of container auto-one");
    assertThat(run("auto-x", "--userns=auto:size=10", "--user", "10").err())
        .contains("user 10:0 has no place in the container's user namespace");
    daemon.docker("rm", "-f", "auto-x").ok();
    run("auto-x", "--pid=container:auto-one").ok();
    assertThat(range("auto-x")).isEqualTo(range("auto-one"));
  }
}
