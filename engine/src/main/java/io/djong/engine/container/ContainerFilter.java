package io.djong.engine.container;

import io.djong.engine.Filters;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.record.ContainerRecord;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which containers a list is narrowed to, as Docker reads the filters of `/containers/json`.
final class ContainerFilter {
  private static final Set<String> KEYS =
      Set.of(
          "ancestor",
          "before",
          "expose",
          "exited",
          "health",
          "id",
          "isolation",
          "is-task",
          "label",
          "label!",
          "name",
          "network",
          "publish",
          "since",
          "status",
          "volume");
  private static final Set<String> STATUSES =
      Set.of("created", "running", "paused", "restarting", "removing", "exited", "dead");

  private static final Set<String> HEALTHS = Set.of("none", "starting", "healthy", "unhealthy");

  private final Filters filters;
  private final @Nullable Long before;
  private final @Nullable Long since;
  private final List<Digest> ancestors;

  /// @param ancestors the images meant by the filter of that name, with all that were made from
  ///   them
  ContainerFilter(Filters filters, ContainerRegister register, List<Digest> ancestors) {
    filters.allowOnly(KEYS);
    for (String status : filters.of("status")) {
      if (!STATUSES.contains(status)) {
        throw new Fault.Invalid(
            "invalid filter 'status="
                + status
                + "': invalid value for state ("
                + status
                + "): must be one of created, running, paused, restarting, removing, exited, dead");
      }
    }
    for (String health : filters.of("health")) {
      if (!HEALTHS.contains(health)) {
        throw new Fault.Invalid(
            "invalid filter 'health="
                + health
                + "': invalid value for health ("
                + health
                + "): must be one of none, starting, healthy, unhealthy");
      }
    }
    for (String code : filters.of("exited")) {
      number(code);
    }
    ports(filters, "publish");
    ports(filters, "expose");
    for (String truth : filters.of("is-task")) {
      if (!Set.of("true", "false", "1", "0").contains(truth)) {
        throw new Fault.Invalid("invalid filter 'is-task=" + filters.of("is-task") + "'");
      }
    }
    this.filters = filters;
    this.ancestors = ancestors;
    this.before = number(register, "before");
    this.since = number(register, "since");
  }

  private @Nullable Long number(ContainerRegister register, String key) {
    return filters.has(key)
        ? Long.valueOf(register.find(filters.of(key).getFirst()).record().number())
        : null;
  }

  private static void ports(Filters filters, String key) {
    for (String text : filters.of(key)) {
      String bare = text.indexOf('/') < 0 ? text : text.substring(0, text.indexOf('/'));
      if (!bare.matches("\\d{1,5}(-\\d{1,5})?")) {
        throw new Fault.Invalid(
            "error while looking up for "
                + key
                + " "
                + text
                + ": strconv.ParseUint: parsing \""
                + bare
                + "\": invalid syntax");
      }
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid(
          "invalid filter 'exited="
              + text
              + "': strconv.Atoi: parsing \""
              + text
              + "\": invalid syntax",
          e);
    }
  }

  /// Whether ended containers are wanted though nobody said so.
  boolean looksAtEnded() {
    return filters.has("status") || filters.has("exited");
  }

  /// Whether as many as fit a limit are wanted, ended or not.
  boolean fits(Container container) {
    ContainerRecord record = container.record();
    return any("id", wanted -> record.id().startsWith(wanted))
        && any("name", wanted -> fitsName(record.name(), wanted))
        && any("status", wanted -> container.state().word().equals(wanted))
        && any("exited", wanted -> fitsExit(container, number(wanted)))
        && any("volume", wanted -> fitsVolume(record, wanted))
        && any("network", wanted -> fitsNetwork(record, wanted))
        && any("expose", wanted -> record.config().exposedPorts().containsKey(port(wanted)))
        && any("publish", wanted -> record.host().portBindings().containsKey(port(wanted)))
        && any("health", wanted -> fitsHealth(container, wanted))
        && any("is-task", wanted -> Set.of("false", "0").contains(wanted))
        && any("isolation", "default"::equals)
        && (before == null || record.number() < before)
        && (since == null || record.number() > since)
        && (!filters.has("ancestor") || fitsAncestor(record))
        && filters.fitLabels(record.config().labels());
  }

  private boolean any(String key, java.util.function.Predicate<String> fits) {
    return !filters.has(key) || filters.of(key).stream().anyMatch(fits);
  }

  /// A part of the name, with Docker's anchors: its names begin with a slash.
  private static boolean fitsName(String name, String wanted) {
    boolean start = wanted.startsWith("^");
    boolean end = wanted.endsWith("$");
    String text =
        wanted.substring(start ? 1 : 0, wanted.length() - (end && wanted.length() > 1 ? 1 : 0));
    String slashed = "/" + name;
    if (start && end) {
      return slashed.equals(text) || name.equals(text);
    }
    if (start) {
      return slashed.startsWith(text) || name.startsWith(text);
    }
    return end ? slashed.endsWith(text) : slashed.contains(text);
  }

  private static boolean fitsExit(Container container, int code) {
    return container.state().word().equals("exited") && container.life().exitCode() == code;
  }

  private static boolean fitsHealth(Container container, String wanted) {
    HealthWatch health = container.health();
    return wanted.equals(health == null ? "none" : health.status());
  }

  private static boolean fitsVolume(ContainerRecord record, String wanted) {
    return record.mounts().stream()
        .anyMatch(
            mount ->
                wanted.equals(mount.name())
                    || mount.source().equals(wanted)
                    || mount.destination().equals(wanted));
  }

  private static boolean fitsNetwork(ContainerRecord record, String wanted) {
    return AskedNetworks.of(record).containsKey(wanted)
        || record.endpoints().keySet().stream().anyMatch(id -> id.startsWith(wanted));
  }

  private boolean fitsAncestor(ContainerRecord record) {
    return filters.of("ancestor").contains(record.config().image())
        || ancestors.contains(record.imageId());
  }

  private static String port(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.indexOf('/') < 0 ? lower + "/tcp" : lower;
  }
}
