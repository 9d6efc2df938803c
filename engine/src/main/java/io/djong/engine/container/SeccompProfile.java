package io.djong.engine.container;

import io.djong.model.json.Json;
import io.djong.model.spec.Seccomp;
import io.djong.model.spec.Seccomp.Argument;
import io.djong.model.spec.Seccomp.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The default filter of system calls. What is not named fails with EPERM. Immutable.
final class SeccompProfile {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET of clone(2).
  private static final long NEW_NAMESPACES = 0x7E020000L;

  private final List<String> always;
  private final Map<String, List<String>> withCapability;
  private final List<Long> socketDomains;
  private final List<Long> personalities;

  private SeccompProfile(Map<?, ?> tree) {
    always = strings(tree.get("always"));
    withCapability = new TreeMap<>();
    if (tree.get("withCapability") instanceof Map<?, ?> groups) {
      groups.forEach((key, value) -> withCapability.put((String) key, strings(value)));
    }
    socketDomains = numbers(tree.get("socketDomains"));
    personalities = numbers(tree.get("personalities"));
  }

  static SeccompProfile load() {
    try (InputStream in = SeccompProfile.class.getResourceAsStream("seccomp.json")) {
      if (in == null) {
        throw new IllegalStateException("seccomp.json is not in this module");
      }
      return new SeccompProfile((Map<?, ?>) Json.lean().readTree(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading our own seccomp.json", e);
    }
  }

  /// The filter for a container with these capabilities (names with `CAP_`).
  Seccomp forCapabilities(Set<String> capabilities) {
    List<Rule> rules = new ArrayList<>();
    rules.add(allow(always));
    withCapability.forEach(
        (capability, names) -> {
          if (capabilities.contains(capability)) {
            rules.add(allow(names));
          }
        });
    for (long value : personalities) {
      rules.add(allow("personality", new Argument(0, value, 0, "SCMP_CMP_EQ")));
    }
    // The kernel looks at the low 32 bits of the domain, the filter at all 64: only a list of what
    // is
    // allowed, compared for equality, cannot be passed by setting a high bit.
    for (long domain : socketDomains) {
      rules.add(allow("socket", new Argument(0, domain, 0, "SCMP_CMP_EQ")));
    }
    if (!capabilities.contains("CAP_SYS_ADMIN")) {
      rules.add(allow("clone", new Argument(0, NEW_NAMESPACES, 0, "SCMP_CMP_MASKED_EQ")));
      // A filter cannot see clone3's flags; with ENOSYS the C library falls back to clone.
      rules.add(new Rule(List.of("clone3"), "SCMP_ACT_ERRNO", ENOSYS, List.of()));
    }
    return new Seccomp("SCMP_ACT_ERRNO", EPERM, architectures(), rules, List.of());
  }

  private static List<String> architectures() {
    return System.getProperty("os.arch", "").equals("aarch64")
        ? List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM")
        : List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
  }

  private static Rule allow(List<String> names) {
    return new Rule(names, "SCMP_ACT_ALLOW", null, List.of());
  }

  private static Rule allow(String name, Argument argument) {
    return new Rule(List.of(name), "SCMP_ACT_ALLOW", null, List.of(argument));
  }

  private static List<String> strings(@org.jspecify.annotations.Nullable Object value) {
    List<String> all = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(item -> all.add((String) item));
    }
    return List.copyOf(all);
  }

  private static List<Long> numbers(@org.jspecify.annotations.Nullable Object value) {
    List<Long> all = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(item -> all.add(((Number) item).longValue()));
    }
    return List.copyOf(all);
  }
}
