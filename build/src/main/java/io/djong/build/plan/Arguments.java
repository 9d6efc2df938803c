package io.djong.build.plan;

import io.djong.build.dockerfile.Expansion;
import io.djong.build.dockerfile.Instruction;
import io.djong.build.dockerfile.Instruction.ArgWord;
import io.djong.build.dockerfile.Variables;
import io.djong.model.Platform;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The values of ARG: given, global, predefined (Dockerfile reference, ARG). For one thread.
public final class Arguments {
  /// Known without being declared, and part of no cache key and no history.
  static final Set<String> PROXIES =
      Set.of(
          "HTTP_PROXY",
          "http_proxy",
          "HTTPS_PROXY",
          "https_proxy",
          "FTP_PROXY",
          "ftp_proxy",
          "NO_PROXY",
          "no_proxy",
          "ALL_PROXY",
          "all_proxy");

  private final Map<String, String> given;
  private final Map<String, String> predefined = new LinkedHashMap<>();
  private final Map<String, String> global = new LinkedHashMap<>();
  private final Set<String> used = new TreeSet<>();
  private final char escape;

  Arguments(Map<String, String> given, Platform target, @Nullable String stage, char escape) {
    this.given = given;
    this.escape = escape;
    Platform here = Platform.current();
    platform("BUILD", here);
    platform("TARGET", target);
    predefined.put("TARGETSTAGE", stage == null ? "default" : stage);
  }

  private void platform(String prefix, Platform platform) {
    String variant = platform.variant();
    predefined.put(prefix + "PLATFORM", platform.toString());
    predefined.put(prefix + "OS", platform.os());
    predefined.put(prefix + "ARCH", platform.architecture());
    predefined.put(prefix + "VARIANT", variant == null ? "" : variant);
  }

  /// Declares what stands before the first stage.
  void declareGlobal(Instruction.Arg arg) {
    for (ArgWord word : arg.words()) {
      String own = given.get(word.name());
      String value = word.value();
      used.add(word.name());
      if (own != null) {
        global.put(word.name(), own);
      } else if (value != null) {
        global.put(word.name(), Expansion.ofWords(escape, inFrom()).word(value));
      }
    }
  }

  /// What FROM may ask for.
  Variables inFrom() {
    return name -> {
      String value = global.get(name);
      return value != null ? value : predefined(name);
    };
  }

  private @Nullable String predefined(String name) {
    if (!predefined.containsKey(name)) {
      return null;
    }
    String own = given.get(name);
    if (own != null) {
      used.add(name);
    }
    return own == null ? predefined.get(name) : own;
  }

  /// The value of an ARG of a stage; null if it has none.
  ///
  /// @param fallback the default that was written, expanded
  @Nullable String declare(String name, @Nullable String fallback) {
    used.add(name);
    String own = given.get(name);
    if (own != null) {
      return own;
    }
    if (fallback != null) {
      return fallback;
    }
    String value = global.get(name);
    return value != null ? value : predefined.get(name);
  }

  /// The proxies among what was given, whether declared or not.
  public static Map<String, String> proxies(Map<String, String> given) {
    Map<String, String> all = new TreeMap<>(given);
    all.keySet().retainAll(PROXIES);
    return all;
  }

  /// What was given and nobody asked for.
  Set<String> unused() {
    Set<String> left = new TreeSet<>(given.keySet());
    left.removeAll(used);
    left.removeAll(PROXIES);
    left.removeIf(name -> name.startsWith("BUILDKIT_") || name.equals("SOURCE_DATE_EPOCH"));
    return left;
  }
}
