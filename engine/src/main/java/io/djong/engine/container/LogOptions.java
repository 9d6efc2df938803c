package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig.LogConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.runtime.Stdio.LogLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// What was said about a container's log, with Docker's names and words. Pure, but for the look at
/// whether there is a journal.
final class LogOptions {
  private static final Path JOURNAL = Path.of("/run/systemd/journal/socket");

  private static final Set<String> DRIVERS =
      Set.of("", "json-file", "local", "none", "journald", "k8s-file");

  private static final Set<String> ATTRIBUTES =
      Set.of("env", "env-regex", "labels", "labels-regex", "tag");

  private static final Set<String> FILES = Set.of("compress", "max-file", "max-size");

  private static final Set<String> ANY = Set.of("mode", "max-buffer-size");

  private LogOptions() {}

  /// @throws Fault.Invalid if there is no such driver or it has no such option
  static void check(LogConfig log) {
    String type = log.type();
    if (!DRIVERS.contains(type)) {
      throw new Fault.Invalid(
          "error looking up logging plugin " + type + ": plugin \"" + type + "\" not found");
    }
    if (type.equals("none")) {
      return;
    }
    for (String option : log.config().keySet()) {
      boolean known =
          ANY.contains(option) || (ATTRIBUTES.contains(option) && !type.equals("local"));
      if (!known && (type.equals("journald") || !FILES.contains(option))) {
        throw new Fault.Invalid(
            "unknown log opt '"
                + option
                + "' for "
                + (type.equals("local")
                    ? "log driver local"
                    : (type.isEmpty() ? "json-file" : type) + " log driver"));
      }
    }
    mode(log.config());
    pattern(log.config().get("env-regex"));
    pattern(log.config().get("labels-regex"));
    limits(log);
  }

  private static void mode(Map<String, String> options) {
    String mode = options.getOrDefault("mode", "");
    if (!Set.of("", "blocking", "non-blocking").contains(mode)) {
      throw new Fault.Invalid("logger: logging mode not supported: " + mode);
    }
    String buffer = options.get("max-buffer-size");
    if (buffer != null && !mode.equals("non-blocking")) {
      throw new Fault.Invalid(
          "logger: max-buffer-size option is only supported with 'mode=non-blocking'");
    }
    if (buffer != null) {
      bytes("max-buffer-size", buffer);
    }
  }

  /// What is kept of the log.
  static LogLimits limits(LogConfig log) {
    if (log.type().equals("none")) {
      return LogLimits.NONE;
    }
    String size = log.config().get("max-size");
    String files = log.config().get("max-file");
    String compress = log.config().get("compress");
    int count = files == null ? LogLimits.DEFAULT.maxFiles() : number(files);
    boolean packed = compress == null ? log.type().equals("local") && count > 1 : truth(compress);
    if (packed && count < 2) {
      throw new Fault.Invalid(
          "compress cannot be true when max-file is less than 2 or max-size is not set");
    }
    return new LogLimits(
        size == null ? LogLimits.DEFAULT.maxBytes() : bytes("max-size", size),
        count,
        packed,
        log.type().equals("journald"),
        false);
  }

  /// @throws Fault.Failed if the log is to go where nobody takes it
  static void reachable(LogConfig log) {
    if (log.type().equals("journald") && Files.notExists(JOURNAL)) {
      throw new Fault.Failed(
          "failed to create task for container: failed to initialize logging driver: journald is"
              + " not enabled on this host");
    }
  }

  /// What `docker logs --details` shows with each line.
  static Map<String, String> attributes(ContainerRecord container) {
    LogConfig log = container.host().logConfig();
    ContainerConfig config = container.config();
    Map<String, String> options = log.config();
    Map<String, String> found = new TreeMap<>();
    if (log.type().equals("local")) {
      return found;
    }
    pick(found, config.labels(), options.get("labels"), options.get("labels-regex"));
    Map<String, String> environment = new TreeMap<>();
    for (String variable : config.env()) {
      int sign = variable.indexOf('=');
      if (sign > 0) {
        environment.put(variable.substring(0, sign), variable.substring(sign + 1));
      }
    }
    pick(found, environment, options.get("env"), options.get("env-regex"));
    String tag = options.getOrDefault("tag", "");
    if (!tag.isEmpty()) {
      found.put("tag", tag(tag, container));
    }
    return found;
  }

  /// The fields of Docker's templates, without their functions.
  private static String tag(String template, ContainerRecord container) {
    return template
        .replace("{{.ID}}", container.id().substring(0, 12))
        .replace("{{.FullID}}", container.id())
        .replace("{{.Name}}", container.name())
        .replace("{{.ImageName}}", container.config().image())
        .replace("{{.DaemonName}}", "docker");
  }

  private static void pick(
      Map<String, String> into,
      Map<String, String> from,
      @Nullable String names,
      @Nullable String regex) {
    for (String name : names == null ? List.<String>of() : List.of(names.split(",", -1))) {
      String value = from.get(name);
      if (value != null) {
        into.put(name, value);
      }
    }
    Pattern pattern = pattern(regex);
    if (pattern != null) {
      from.forEach(
          (name, value) -> {
            if (pattern.matcher(name).find()) {
              into.put(name, value);
            }
          });
    }
  }

  private static @Nullable Pattern pattern(@Nullable String regex) {
    try {
      return regex == null || regex.isEmpty() ? null : Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new Fault.Invalid("error parsing regexp: `" + regex + "`", e);
    }
  }

  /// As Go reads it.
  private static boolean truth(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new Fault.Invalid("strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
    };
  }

  private static int number(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid max-file: " + text, e);
    }
    throw new Fault.Invalid("invalid max-file: " + text);
  }

  /// A number with k, m or g behind it.
  private static long bytes(String what, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int end = lower.length();
    if (end > 1 && lower.charAt(end - 1) == 'b' && !Character.isDigit(lower.charAt(end - 2))) {
      end--;
    }
    int shift = end == 0 ? -1 : "kmg".indexOf(lower.charAt(end - 1));
    String digits = lower.substring(0, shift < 0 ? end : end - 1);
    try {
      long value = Long.parseLong(digits);
      if (value > 0) {
        return value << (10 * (shift + 1));
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid " + what + ": " + text, e);
    }
    throw new Fault.Invalid("invalid " + what + ": " + text);
  }
}
