package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.engine.container.Accounts.Identity;
import io.djong.engine.container.RuntimeSpecs.Prepared;
import io.djong.engine.container.RuntimeSpecs.UserIds;
import io.djong.linux.IdMapping;
import io.djong.linux.IdMapping.Range;
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.json.Json;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.model.spec.LinuxSpec;
import io.djong.model.spec.ProcessSpec;
import io.djong.model.spec.RuntimeSpec;
import io.djong.model.spec.Seccomp;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the runtime is told, compared with documents that were read by people. To write them anew
/// after a change that is meant, run with `-Ddjong.golden=write` and read the difference.
final class RuntimeSpecsTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/io/djong/engine/container").toAbsolutePath();
  private static final Machine MACHINE = machine(false);

  private static Machine machine(boolean cgroup2) {
    Set<String> bounding = new HashSet<>(Machine.CAPABILITIES);
    bounding.remove("CAP_SYS_RESOURCE");
    return new Machine(
        cgroup2,
        bounding,
        Map.of("RLIMIT_NOFILE", BigInteger.valueOf(20000)),
        false,
        0,
        List.of("/sys/devices/system/cpu/cpu0/thermal_throttle"),
        true,
        2,
        "boot",
        false,
        true,
        1,
        "amd64",
        "6.1.0");
  }

  private static RuntimeSpec spec(String config, String host, Machine machine) {
    return spec(config, host, machine, null);
  }

  private static RuntimeSpec spec(
      String config, String host, Machine machine, @Nullable UserIds users) {
    ContainerRecord record =
        new ContainerRecord(
            "ab".repeat(32),
            1,
            "name",
            "2026-01-01T00:00:00Z",
            Digest.of(new byte[0]),
            null,
            Json.lean().read(ContainerConfig.class, config),
            Json.lean().read(HostConfig.class, host),
            new NetworkingConfig(Map.of()),
            List.of(),
            Life.CREATED,
            Map.of(),
            null);
    Prepared prepared =
        new Prepared(
            Path.of("/run/rootfs"),
            new Identity(0, 0, List.of(0L), "/root"),
            "host",
            List.of(
                new RuntimeSpec.Mount(
                    "/etc/hosts", "bind", "/data/hosts", List.of("rbind", "rprivate"))),
            Path.of("/run/net"),
            null,
            List.of(),
            List.of(),
            null,
            Map.of(),
            null,
            users);
    return new RuntimeSpecs(machine, SeccompProfile.load()).of(record, prepared);
  }

  private static void assertGolden(String name, RuntimeSpec spec) throws IOException {
    Path file = GOLDEN.resolve(name + ".json");
    String text =
        new String(Json.lean().write(spec), StandardCharsets.UTF_8).replace("},{", "},\n{") + "\n";
    if ("write".equals(System.getProperty("djong.golden"))) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  @Test
  void anOrdinaryContainerHasDockersProfile() throws IOException {
    assertGolden(
        "ordinary",
        spec("{\"Cmd\":[\"sh\"],\"Env\":[\"A=b\"],\"WorkingDir\":\"/srv\"}", "{}", MACHINE));
  }

  @Test
  void limitsAreTheCgroups() throws IOException {
    assertGolden(
        "limited",
        spec(
            "{\"Cmd\":[\"sh\"],\"Tty\":true}",
            """
            {"Memory":67108864,"NanoCpus":500000000,"CpuShares":512,"CpusetCpus":"0","PidsLimit":10,
             "ReadonlyRootfs":true,"ShmSize":1048576,"CapDrop":["ALL"],"CapAdd":["NET_ADMIN"],
             "SecurityOpt":["no-new-privileges"],"Ulimits":[{"Name":"nofile","Soft":1024,"Hard":524288}],
             "Sysctls":{"net.core.somaxconn":"10"}}\
            """,
            machine(true)));
  }

  @Test
  void aUserNamespaceIsJoinedAndItsIdsAreTold() {
    UserIds users =
        new UserIds(
            Path.of("/proc/1/fd/7"),
            new IdMapping(List.of(new Range(0, 1000, 600)), List.of(new Range(0, 3000, 500))));
    RuntimeSpec spec = spec("{\"Cmd\":[\"sh\"]}", "{}", MACHINE, users);

    assertThat(spec.linux().namespaces()).contains(new LinuxSpec.Namespace("user", "/proc/1/fd/7"));
    assertThat(spec.linux().uidMappings()).containsExactly(new LinuxSpec.IdRange(0, 1000, 600));
    assertThat(spec.linux().gidMappings()).containsExactly(new LinuxSpec.IdRange(0, 3000, 500));
    // A group outside would be refused by the kernel.
    assertThat(spec.linux().sysctl()).containsEntry("net.ipv4.ping_group_range", "0 499");
  }

  private static ProcessSpec.Capabilities capabilities(RuntimeSpec spec) {
    return Objects.requireNonNull(spec.process().capabilities());
  }

  @Test
  void aPrivilegedContainerHasNoFilterAndNoMasks() {
    RuntimeSpec spec = spec("{\"Cmd\":[\"sh\"]}", "{\"Privileged\":true}", MACHINE);

    assertThat(spec.linux().seccomp()).isNull();
    assertThat(spec.linux().maskedPaths()).isEmpty();
    assertThat(capabilities(spec).bounding())
        .contains("CAP_SYS_ADMIN")
        .doesNotContain("CAP_SYS_RESOURCE");
  }

  @Test
  void capabilitiesAreNeverInherited() {
    RuntimeSpec spec = spec("{\"Cmd\":[\"sh\"]}", "{}", MACHINE);

    assertThat(capabilities(spec).inheritable()).isEmpty();
    assertThat(capabilities(spec).ambient()).isEmpty();
    assertThat(capabilities(spec).bounding()).hasSize(14);
  }

  @Test
  void theFilterKnowsSocketDomainsByEqualityAlone() {
    Seccomp seccomp = SeccompProfile.load().forCapabilities(Set.of());

    assertThat(seccomp.syscalls().stream().filter(rule -> rule.names().contains("socket")))
        .isNotEmpty()
        .allSatisfy(
            rule -> {
              assertThat(rule.args()).hasSize(1);
              assertThat(rule.args().getFirst().op()).isEqualTo("SCMP_CMP_EQ");
              assertThat(rule.args().getFirst().value()).isNotIn(38L, 40L);
            });
  }

  @Test
  void theFilterAllowsNamespacesOnlyWithTheCapability() {
    Seccomp without = SeccompProfile.load().forCapabilities(Set.of());
    Seccomp with = SeccompProfile.load().forCapabilities(Set.of("CAP_SYS_ADMIN"));

    assertThat(without.syscalls()).noneMatch(rule -> rule.names().contains("unshare"));
    assertThat(with.syscalls()).anyMatch(rule -> rule.names().contains("unshare"));
    assertThat(without.defaultAction()).isEqualTo("SCMP_ACT_ERRNO");
  }

  @Test
  void aContainersGroupIsNamedByItsId() {
    assertThat(spec("{\"Cmd\":[\"sh\"]}", "{}", MACHINE).linux().cgroupsPath())
        .isEqualTo("/djong/" + new ContainerId("ab".repeat(32)));
  }
}
