package io.djong.engine.container;

import io.djong.model.Fault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which capabilities a container gets. `lacking` are those it asked for and this machine cannot
/// give.
record CapabilitySet(List<String> granted, List<String> lacking) {
  /// Docker's fourteen.
  private static final List<String> DEFAULTS =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  /// @throws Fault.Invalid if a name is not one of a capability
  static CapabilitySet of(
      boolean privileged,
      @Nullable List<String> add,
      @Nullable List<String> drop,
      Set<String> bounding) {
    List<String> added = normal(add, "CapAdd");
    List<String> dropped = normal(drop, "CapDrop");
    Set<String> wanted = new LinkedHashSet<>();
    if (privileged || added.contains("ALL")) {
      wanted.addAll(Machine.CAPABILITIES);
    } else if (!dropped.contains("ALL")) {
      wanted.addAll(DEFAULTS);
    }
    if (!privileged) {
      dropped.forEach(wanted::remove);
      added.stream().filter(name -> !name.equals("ALL")).forEach(wanted::add);
    }
    List<String> granted = new ArrayList<>();
    List<String> lacking = new ArrayList<>();
    for (String name : wanted) {
      if (bounding.contains(name)) {
        granted.add(name);
      } else if (added.contains(name)) {
        lacking.add(name);
      }
    }
    return new CapabilitySet(List.copyOf(granted), List.copyOf(lacking));
  }

  /// Upper case, with `CAP_`; `ALL` stays.
  static List<String> normal(@Nullable List<String> names, String option) {
    List<String> all = new ArrayList<>();
    for (String name : names == null ? List.<String>of() : names) {
      String upper = name.toUpperCase(Locale.ROOT);
      if (!upper.equals("ALL") && !upper.startsWith("CAP_")) {
        upper = "CAP_" + upper;
      }
      if (!upper.equals("ALL") && !Machine.CAPABILITIES.contains(upper)) {
        throw new Fault.Invalid("invalid " + option + ": unknown capability: \"" + upper + "\"");
      }
      all.add(upper);
    }
    return List.copyOf(all);
  }
}
