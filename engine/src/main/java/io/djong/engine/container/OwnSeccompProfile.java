package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.model.spec.Seccomp;
import io.djong.model.spec.Seccomp.Argument;
import io.djong.model.spec.Seccomp.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a seccomp profile of the user's own, in the format of Docker's profiles: the OCI's, with
/// `archMap` and with rules that hold only for some capabilities, architectures or kernels. Pure.
final class OwnSeccompProfile {
  private OwnSeccompProfile() {}

  /// The filter for a container with these capabilities (names with `CAP_`).
  ///
  /// @param architecture as Docker names it: `amd64`, `arm64`
  /// @param kernel of this machine, `6.1.0`
  /// @throws Fault.Invalid if it is no profile
  static Seccomp parse(String text, Set<String> capabilities, String architecture, String kernel) {
    Map<?, ?> tree = tree(text);
    String action = string(tree, "defaultAction");
    if (action == null || !action.startsWith("SCMP_ACT_")) {
      throw new Fault.Invalid(
          "Decoding seccomp profile failed: defaultAction is missing or unknown");
    }
    List<Rule> rules = new ArrayList<>();
    for (Object each : list(tree, "syscalls")) {
      if (!(each instanceof Map<?, ?> rule)) {
        throw new Fault.Invalid("Decoding seccomp profile failed: a rule is not an object");
      }
      if (holds(rule, capabilities, architecture, kernel)) {
        rules.add(rule(rule));
      }
    }
    return new Seccomp(
        action,
        integer(tree, "defaultErrnoRet"),
        architectures(tree, architecture),
        rules,
        strings(list(tree, "flags")));
  }

  private static Map<?, ?> tree(String text) {
    try {
      if (Json.full().readTree(text.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> tree) {
        return tree;
      }
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid("Decoding seccomp profile failed: " + e.getMessage(), e);
    }
    throw new Fault.Invalid("Decoding seccomp profile failed: want an object");
  }

  private static List<String> architectures(Map<?, ?> tree, String architecture) {
    List<Object> said = list(tree, "architectures");
    List<Object> map = list(tree, "archMap");
    if (!said.isEmpty() && !map.isEmpty()) {
      throw new Fault.Invalid(
          "both 'architectures' and 'archMap' are specified in the seccomp profile, use either"
              + " 'architectures' or 'archMap'");
    }
    List<String> all = new ArrayList<>(strings(said));
    String own = architecture.equals("arm64") ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
    for (Object each : map) {
      if (each instanceof Map<?, ?> entry && own.equals(string(entry, "architecture"))) {
        all.add(own);
        all.addAll(strings(list(entry, "subArchitectures")));
      }
    }
    return all;
  }

  private static boolean holds(
      Map<?, ?> rule, Set<String> capabilities, String architecture, String kernel) {
    Map<?, ?> includes = object(rule, "includes");
    Map<?, ?> excludes = object(rule, "excludes");
    List<String> arches = strings(list(includes, "arches"));
    String least = string(includes, "minKernel");
    String without = string(excludes, "minKernel");
    return (arches.isEmpty() || arches.contains(architecture))
        && capabilities.containsAll(strings(list(includes, "caps")))
        && (least == null || least.isEmpty() || atLeast(kernel, least))
        && !strings(list(excludes, "arches")).contains(architecture)
        && strings(list(excludes, "caps")).stream().noneMatch(capabilities::contains)
        && (without == null || without.isEmpty() || !atLeast(kernel, without));
  }

  /// Compares `major.minor`.
  private static boolean atLeast(String kernel, String least) {
    int[] have = version(kernel);
    int[] want = version(least);
    return have[0] > want[0] || (have[0] == want[0] && have[1] >= want[1]);
  }

  private static int[] version(String text) {
    int[] version = new int[2];
    int at = 0;
    for (int i = 0; i < 2; i++) {
      while (at < text.length() && Character.isDigit(text.charAt(at))) {
        version[i] = version[i] * 10 + Character.digit(text.charAt(at++), 10);
      }
      at++;
    }
    return version;
  }

  private static Rule rule(Map<?, ?> rule) {
    List<String> names = new ArrayList<>(strings(list(rule, "names")));
    String name = string(rule, "name");
    if (name != null && !name.isEmpty()) {
      if (!names.isEmpty()) {
        throw new Fault.Invalid(
            "both 'name' and 'names' are specified in the seccomp profile, use either 'name' or"
                + " 'names'");
      }
      names.add(name);
    }
    String action = string(rule, "action");
    if (action == null || !action.startsWith("SCMP_ACT_")) {
      throw new Fault.Invalid("Decoding seccomp profile failed: a rule without action");
    }
    List<Argument> arguments = new ArrayList<>();
    for (Object each : list(rule, "args")) {
      if (each instanceof Map<?, ?> argument) {
        String op = string(argument, "op");
        Integer index = integer(argument, "index");
        arguments.add(
            new Argument(
                index == null ? 0 : index,
                number(argument, "value"),
                number(argument, "valueTwo"),
                op == null ? "SCMP_CMP_EQ" : op));
      }
    }
    return new Rule(names, action, integer(rule, "errnoRet"), arguments);
  }

  private static @Nullable String string(Map<?, ?> tree, String key) {
    return tree.get(key) instanceof String text ? text : null;
  }

  private static @Nullable Integer integer(Map<?, ?> tree, String key) {
    return tree.get(key) instanceof Number number ? Integer.valueOf(number.intValue()) : null;
  }

  private static long number(Map<?, ?> tree, String key) {
    return tree.get(key) instanceof Number number ? number.longValue() : 0;
  }

  private static Map<?, ?> object(Map<?, ?> tree, String key) {
    return tree.get(key) instanceof Map<?, ?> inner ? inner : Map.of();
  }

  private static List<Object> list(Map<?, ?> tree, String key) {
    List<Object> all = new ArrayList<>();
    if (tree.get(key) instanceof List<?> list) {
      all.addAll(list);
    }
    return all;
  }

  private static List<String> strings(List<Object> list) {
    List<String> all = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof String text)) {
        throw new Fault.Invalid("Decoding seccomp profile failed: want a string, found " + each);
      }
      all.add(text);
    }
    return List.copyOf(all);
  }
}
