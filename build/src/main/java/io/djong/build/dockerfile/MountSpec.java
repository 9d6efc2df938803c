package io.djong.build.dockerfile;

import io.djong.model.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `RUN --mount=…`: what else the command of one step finds in its tree (Dockerfile reference, RUN
/// --mount). Null is not said. Immutable.
///
/// @param values by their long names, as they were written
public record MountSpec(Type type, Map<String, String> values) {
  /// What is mounted.
  public enum Type {
    BIND,
    CACHE,
    TMPFS,
    SECRET,
    SSH;

    private Set<String> keys() {
      return switch (this) {
        case BIND -> Set.of("target", "source", "from", "readwrite");
        case CACHE ->
            Set.of("target", "source", "from", "readwrite", "id", "sharing", "mode", "uid", "gid");
        case TMPFS -> Set.of("target", "size");
        case SECRET -> Set.of("target", "id", "required", "env", "mode", "uid", "gid");
        case SSH -> Set.of("target", "id", "required", "mode", "uid", "gid");
      };
    }
  }

  private static final Map<String, String> SHORT =
      Map.of(
          "dst", "target",
          "destination", "target",
          "src", "source",
          "rw", "readwrite",
          "ro", "readonly");

  public MountSpec {
    values = Map.copyOf(values);
  }

  public @Nullable String value(String key) {
    return values.get(key);
  }

  public String value(String key, String absent) {
    return values.getOrDefault(key, absent);
  }

  /// A value that is true or false; true if only its name was written.
  public boolean flag(String key) {
    return "true".equals(values.get(key));
  }

  /// @param text what stands behind `--mount=`
  /// @throws Fault.Invalid if it makes no sense; the message names the reason alone
  static MountSpec parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    String type = "bind";
    for (String field : fields(text)) {
      int equals = field.indexOf('=');
      String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
      String value = equals < 0 ? null : field.substring(equals + 1);
      String name = SHORT.getOrDefault(key, key);
      switch (name) {
        case "type" -> type = required(name, value).toLowerCase(Locale.ROOT);
        case "readonly" -> values.put("readwrite", truth(key, value) ? "false" : "true");
        case "readwrite", "required" -> values.put(name, String.valueOf(truth(key, value)));
        default -> values.put(name, required(key, value));
      }
    }
    return checked(type, values);
  }

  private static MountSpec checked(String typeName, Map<String, String> values) {
    Type type = null;
    for (Type known : Type.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(typeName)) {
        type = known;
      }
    }
    if (type == null) {
      String meant = Suggestion.of(typeName, List.of("bind", "cache", "tmpfs", "secret", "ssh"));
      throw new Fault.Invalid(
          "unsupported mount type \""
              + typeName
              + "\""
              + (meant == null ? "" : " (did you mean " + meant + "?)"));
    }
    for (String key : values.keySet()) {
      if (!type.keys().contains(key)) {
        String meant = Suggestion.of(key, type.keys());
        throw new Fault.Invalid(
            "unexpected key '"
                + key
                + "' for mount type '"
                + typeName
                + "'"
                + (meant == null ? "" : " (did you mean " + meant + "?)"));
      }
    }
    boolean needsTarget = type == Type.BIND || type == Type.CACHE || type == Type.TMPFS;
    if (needsTarget && values.getOrDefault("target", "").isEmpty()) {
      throw new Fault.Invalid("a mount of type " + typeName + " needs a target");
    }
    String sharing = values.get("sharing");
    if (sharing != null && !Set.of("shared", "private", "locked").contains(sharing)) {
      String meant = Suggestion.of(sharing, List.of("shared", "private", "locked"));
      throw new Fault.Invalid(
          "unsupported sharing value \""
              + sharing
              + "\""
              + (meant == null ? "" : " (did you mean " + meant + "?)"));
    }
    return new MountSpec(type, values);
  }

  /// The same with variables replaced.
  public MountSpec expanded(Expansion expansion) {
    Map<String, String> all = new LinkedHashMap<>();
    values.forEach((key, value) -> all.put(key, expansion.word(value)));
    return new MountSpec(type, all);
  }

  private static String required(String key, @Nullable String value) {
    if (value == null) {
      throw new Fault.Invalid("invalid field '" + key + "' must be a key=value pair");
    }
    return value;
  }

  private static boolean truth(String key, @Nullable String value) {
    if (value == null) {
      return true;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "t" -> true;
      case "false", "0", "f" -> false;
      default -> throw new Fault.Invalid("invalid value for " + key + ": " + value);
    };
  }

  /// Fields between commas; one in double quotes may hold commas, two double quotes in it are one.
  private static List<String> fields(String text) {
    List<String> all = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"' && (quoted || field.isEmpty())) {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        all.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new Fault.Invalid("a double quote is not closed in \"" + text + "\"");
    }
    all.add(field.toString());
    return all;
  }
}
