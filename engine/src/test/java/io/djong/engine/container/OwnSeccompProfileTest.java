package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import io.djong.model.spec.Seccomp;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnSeccompProfileTest {
  private static Seccomp parse(String rules, Set<String> capabilities) {
    return OwnSeccompProfile.parse(
        "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\","
            + "\"subArchitectures\":[\"SCMP_ARCH_X86\"]},{\"architecture\":\"SCMP_ARCH_AARCH64\"}],"
            + "\"syscalls\":["
            + rules
            + "]}",
        capabilities,
        "amd64",
        "6.1.0-13-amd64");
  }

  private static List<String> names(String conditions, Set<String> capabilities) {
    return parse(
            "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"," + conditions + "}", capabilities)
        .syscalls()
        .stream()
        .flatMap(rule -> rule.names().stream())
        .toList();
  }

  @Test
  void theArchitecturesAreThoseOfThisMachine() {
    assertThat(parse("", Set.of()).architectures())
        .containsExactly("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
  }

  @Test
  void aRuleHoldsOnlyWhereItsConditionsDo() {
    assertThat(names("\"includes\":{\"caps\":[\"CAP_BPF\"]}", Set.of())).isEmpty();
    assertThat(names("\"includes\":{\"caps\":[\"CAP_BPF\"]}", Set.of("CAP_BPF"))).hasSize(1);
    assertThat(names("\"excludes\":{\"caps\":[\"CAP_BPF\"]}", Set.of("CAP_BPF"))).isEmpty();
    assertThat(names("\"includes\":{\"arches\":[\"arm64\"]}", Set.of())).isEmpty();
    assertThat(names("\"includes\":{\"minKernel\":\"4.8\"}", Set.of())).hasSize(1);
    assertThat(names("\"includes\":{\"minKernel\":\"6.2\"}", Set.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"defaultAction\":\"x\"}",
        "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":[1]}",
        "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":[{\"names\":[1],\"action\":\"SCMP_ACT_LOG\"}]}",
        "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":[{\"names\":[\"x\"]}]}",
        "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":[{\"name\":\"x\",\"names\":[\"x\"],\"action\":\"SCMP_ACT_LOG\"}]}",
        "{\"defaultAction\":\"SCMP_ACT_KILL\",\"architectures\":[\"a\"],\"archMap\":[{}]}"
      })
  void whatIsNoProfileIsRefused(String text) {
    assertThatThrownBy(() -> OwnSeccompProfile.parse(text, Set.of(), "amd64", "6.1"))
        .isInstanceOf(Fault.Invalid.class);
  }
}
