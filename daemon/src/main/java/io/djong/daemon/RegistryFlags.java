package io.djong.daemon;

import io.djong.http.ProxyRules;
import io.djong.model.Fault;
import io.djong.registry.RegistrySettings;
import io.djong.registry.RegistrySettings.Rule;
import io.djong.registry.sign.TrustPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How registries are reached, as a daemon's flags and file say it. The file's keys are Docker's
/// (`registry-mirrors`, `insecure-registries`), and `registries`: a list of objects with `prefix`,
/// `mirrors`, `location`, `blocked` and `insecure`. For one thread.
final class RegistryFlags {
  private static final Set<String> RULE_KEYS =
      Set.of("prefix", "mirrors", "location", "blocked", "insecure");

  private final List<URI> mirrors = new ArrayList<>();
  private final List<String> insecure = new ArrayList<>();
  private final List<Path> certificates = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private @Nullable Path policy;

  void set(String key, String subject, String value) {
    switch (key) {
      case "registry-mirror" -> mirrors.add(RegistrySettings.mirror(value));
      case "insecure-registry" -> insecure.add(value);
      case "certs-dir" -> {
        Path folder = Path.of(value);
        if (!folder.isAbsolute()) {
          throw new Fault.Invalid(subject + ": want an absolute path, found \"" + value + "\"");
        }
        certificates.add(folder);
      }
      case "trust-policy" -> policy = Path.of(value);
      default -> throw new IllegalArgumentException(key);
    }
  }

  /// Reads a key of the file.
  ///
  /// @return false if it is none of ours
  boolean read(String key, @Nullable Object value, String subject) {
    switch (key) {
      case "registry-mirrors" ->
          texts(value, subject + key).forEach(each -> set("registry-mirror", key, each));
      case "insecure-registries" -> insecure.addAll(texts(value, subject + key));
      case "certs-dirs" ->
          texts(value, subject + key).forEach(each -> set("certs-dir", subject + key, each));
      case "trust-policy" -> set(key, subject + key, String.valueOf(value));
      case "registries" -> {
        if (!(value instanceof List<?> list)) {
          throw new Fault.Invalid(subject + key + ": want a list");
        }
        list.forEach(each -> rules.add(rule(each, subject + key)));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Rule rule(@Nullable Object value, String subject) {
    if (!(value instanceof Map<?, ?> rule)
        || !(rule.get("prefix") instanceof String prefix)
        || !RULE_KEYS.containsAll(rule.keySet())) {
      throw new Fault.Invalid(
          subject + ": want objects with prefix, and mirrors, location, blocked or insecure");
    }
    return new Rule(
        prefix,
        texts(rule.get("mirrors"), subject).stream().map(RegistrySettings::mirror).toList(),
        rule.get("location") instanceof String location ? location : null,
        Boolean.TRUE.equals(rule.get("blocked")),
        Boolean.TRUE.equals(rule.get("insecure")));
  }

  private static List<String> texts(@Nullable Object value, String subject) {
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
      throw new Fault.Invalid(subject + ": want a list of texts");
    }
    return list.stream().map(String.class::cast).toList();
  }

  /// The flags with what the file says besides.
  RegistryFlags over(RegistryFlags file) {
    RegistryFlags all = new RegistryFlags();
    for (RegistryFlags each : List.of(this, file)) {
      all.mirrors.addAll(each.mirrors);
      all.insecure.addAll(each.insecure);
      all.certificates.addAll(each.certificates);
      all.rules.addAll(each.rules);
      all.policy = all.policy == null ? each.policy : all.policy;
    }
    return all;
  }

  /// @param environment for the proxies
  RegistrySettings settings(Map<String, String> environment) {
    List<Rule> all = new ArrayList<>(rules);
    if (!mirrors.isEmpty()) {
      all.add(new Rule("docker.io", mirrors, null, false, false));
    }
    return new RegistrySettings(
        insecure,
        all,
        certificates.isEmpty() ? RegistrySettings.DEFAULT.certificates() : certificates,
        ProxyRules.of(environment),
        trust());
  }

  private TrustPolicy trust() {
    Path file = policy;
    if (file == null) {
      return TrustPolicy.ACCEPT;
    }
    try {
      return TrustPolicy.read(file);
    } catch (IOException e) {
      throw new Fault.Invalid("trust-policy: cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
