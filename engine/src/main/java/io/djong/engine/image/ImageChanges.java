package io.djong.engine.image;

import io.djong.model.Fault;
import io.djong.model.RunConfig;
import io.djong.model.RunConfig.Healthcheck;
import io.djong.model.Signals;
import io.djong.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Applies Dockerfile instructions to an image's config, as `commit --change` and `import --change`
/// take them. Pure.
final class ImageChanges {
  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  private @Nullable String user;
  private final Map<String, Object> ports;
  private final List<String> env;
  private @Nullable List<String> entrypoint;
  private @Nullable List<String> cmd;
  private final Map<String, Object> volumes;
  private @Nullable String workingDir;
  private final Map<String, String> labels;
  private @Nullable String stopSignal;
  private @Nullable Healthcheck healthcheck;
  private final List<String> onBuild;
  private @Nullable List<String> shell;
  private final RunConfig below;

  private ImageChanges(RunConfig below) {
    this.below = below;
    user = below.user();
    ports = new LinkedHashMap<>(below.exposedPorts());
    env = new ArrayList<>(below.env());
    entrypoint = below.entrypoint();
    cmd = below.cmd();
    volumes = new LinkedHashMap<>(below.volumes());
    workingDir = below.workingDir();
    labels = new LinkedHashMap<>(below.labels());
    stopSignal = below.stopSignal();
    healthcheck = below.healthcheck();
    List<String> triggers = below.onBuild();
    onBuild = new ArrayList<>(triggers == null ? List.of() : triggers);
    shell = below.shell();
  }

  /// @throws Fault.Invalid in Docker's words if an instruction is not one that may stand here
  static RunConfig apply(RunConfig config, List<String> changes) {
    ImageChanges all = new ImageChanges(config);
    for (String change : changes) {
      for (String line : joined(change)) {
        all.apply(line);
      }
    }
    return all.result();
  }

  /// Lines, with those that end in a backslash joined to the next; without comments and empty ones.
  private static List<String> joined(String text) {
    List<String> all = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String part : text.split("\n", -1)) {
      String plain = part.strip();
      if (plain.startsWith("#") && line.isEmpty()) {
        continue;
      }
      if (plain.endsWith("\\")) {
        line.append(plain, 0, plain.length() - 1).append(' ');
      } else {
        line.append(plain);
        if (!line.toString().isBlank()) {
          all.add(line.toString().strip());
        }
        line.setLength(0);
      }
    }
    if (!line.toString().isBlank()) {
      all.add(line.toString().strip());
    }
    return all;
  }

  private void apply(String line) {
    int space = 0;
    while (space < line.length() && !Character.isWhitespace(line.charAt(space))) {
      space++;
    }
    String verb = line.substring(0, space).toUpperCase(Locale.ROOT);
    String rest = line.substring(space).strip();
    switch (verb) {
      case "CMD" -> cmd = command(rest);
      case "ENTRYPOINT" -> entrypoint = command(rest);
      case "ENV" -> pairs(verb, rest).forEach(this::setVariable);
      case "EXPOSE" -> expose(rest);
      case "LABEL" -> labels.putAll(pairs(verb, rest));
      case "ONBUILD" -> onBuild.add(trigger(required(verb, rest)));
      case "USER" -> user = required(verb, rest);
      case "VOLUME" -> volume(rest);
      case "WORKDIR" -> changeDirectory(required(verb, rest));
      case "STOPSIGNAL" -> stopSignal = signal(required(verb, rest));
      case "SHELL" -> shell = shell(rest);
      case "HEALTHCHECK" -> healthcheck = HealthInstruction.parse(rest);
      case "FROM", "RUN", "COPY", "ADD", "ARG", "MAINTAINER" ->
          throw new Fault.Invalid(verb + " is not a valid change command");
      default -> throw new Fault.Invalid(verb + " is not a valid change command");
    }
  }

  private static String required(String verb, String rest) {
    if (rest.isEmpty()) {
      throw new Fault.Invalid(verb + " requires exactly one argument");
    }
    return rest;
  }

  private static String signal(String rest) {
    Signals.parse(rest);
    return rest;
  }

  private static String trigger(String rest) {
    String verb = rest.split("\\s", 2)[0].toUpperCase(Locale.ROOT);
    if (verb.equals("ONBUILD")) {
      throw new Fault.Invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
    }
    if (verb.equals("FROM") || verb.equals("MAINTAINER")) {
      throw new Fault.Invalid(verb + " isn't allowed as an ONBUILD trigger");
    }
    return rest;
  }

  /// `["a","b"]`, or a line for the shell.
  private List<String> command(String rest) {
    List<String> exact = jsonWords(rest);
    if (exact != null) {
      return exact;
    }
    if (rest.isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>(shell == null || shell.isEmpty() ? DEFAULT_SHELL : shell);
    words.add(rest);
    return List.copyOf(words);
  }

  private static List<String> shell(String rest) {
    List<String> words = jsonWords(rest);
    if (words == null || words.isEmpty()) {
      throw new Fault.Invalid("SHELL requires the arguments to be in JSON form");
    }
    return words;
  }

  static @Nullable List<String> jsonWords(String text) {
    if (!text.startsWith("[")) {
      return null;
    }
    Object tree;
    try {
      tree = Json.lean().readTree(text.getBytes(StandardCharsets.UTF_8));
    } catch (Fault.Invalid e) {
      return null; // As Docker reads it: what is not JSON is a line for the shell.
    }
    List<String> words = new ArrayList<>();
    for (Object item : (List<?>) tree) {
      if (!(item instanceof String word)) {
        return null;
      }
      words.add(word);
    }
    return List.copyOf(words);
  }

  private void setVariable(String name, String value) {
    String variable = name + "=" + value;
    for (int i = 0; i < env.size(); i++) {
      if (env.get(i).startsWith(name + "=")) {
        env.set(i, variable);
        return;
      }
    }
    env.add(variable);
  }

  private static Map<String, String> pairs(String verb, String rest) {
    List<String> words = QuotedWords.split(rest);
    if (words.isEmpty()) {
      throw new Fault.Invalid(verb + " requires at least one argument");
    }
    Map<String, String> all = new LinkedHashMap<>();
    if (words.getFirst().indexOf('=') < 0) {
      // The old form: a name, and the rest of the line.
      int space = rest.indexOf(' ');
      if (space < 0) {
        throw new Fault.Invalid(verb + " must have two arguments");
      }
      all.put(rest.substring(0, space), rest.substring(space).strip());
      return all;
    }
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals <= 0) {
        throw new Fault.Invalid(
            "Syntax error - can't find = in \"" + word + "\". Must be of the form: name=value");
      }
      all.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return all;
  }

  private void expose(String rest) {
    for (String word : required("EXPOSE", rest).split("\\s+", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      int slash = lower.indexOf('/');
      String number = slash < 0 ? lower : lower.substring(0, slash);
      String protocol = slash < 0 ? "tcp" : lower.substring(slash + 1);
      boolean good = !number.isEmpty() && number.length() < 6;
      for (int i = 0; i < number.length(); i++) {
        good &= number.charAt(i) >= '0' && number.charAt(i) <= '9';
      }
      if (!good || !List.of("tcp", "udp", "sctp").contains(protocol)) {
        throw new Fault.Invalid("invalid containerPort: " + word);
      }
      ports.put(number + "/" + protocol, Map.of());
    }
  }

  private void volume(String rest) {
    List<String> words = jsonWords(rest);
    if (words == null) {
      words = List.of(required("VOLUME", rest).split("\\s+", -1));
    }
    for (String word : words) {
      if (word.isBlank()) {
        throw new Fault.Invalid("VOLUME specified can not be an empty string");
      }
      volumes.put(word, Map.of());
    }
  }

  private void changeDirectory(String path) {
    String base = workingDir == null || workingDir.isEmpty() ? "/" : workingDir;
    workingDir = java.nio.file.Path.of(base).resolve(path).normalize().toString();
  }

  private RunConfig result() {
    return new RunConfig(
        user,
        ports,
        env,
        entrypoint,
        cmd,
        volumes,
        workingDir,
        labels,
        stopSignal,
        below.stopTimeout(),
        healthcheck,
        below.argsEscaped(),
        onBuild.isEmpty() ? null : onBuild,
        shell);
  }
}
