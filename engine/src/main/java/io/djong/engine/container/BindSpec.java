package io.djong.engine.container;

import io.djong.model.Fault;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One `-v` argument: `source:destination[:mode]`, or a destination alone. Pure.
///
/// @param source an absolute path, a volume's name, or empty for a volume without a name
/// @param idMap with what owners files are shown; null for their own
record BindSpec(
    String source,
    String destination,
    String mode,
    boolean readOnly,
    boolean noCopy,
    String propagation,
    @Nullable String idMap) {
  static final Set<String> PROPAGATIONS =
      Set.of("private", "rprivate", "slave", "rslave", "shared", "rshared");

  /// @throws Fault.Invalid in Docker's words
  static BindSpec parse(String text) {
    String[] parts = text.split(":", -1);
    if (text.isEmpty() || parts.length > 3 || parts[0].isEmpty()) {
      throw invalid(text, "");
    }
    String source = parts.length == 1 ? "" : parts[0];
    String destination = parts.length == 1 ? parts[0] : parts[1];
    String mode = parts.length == 3 ? parts[2] : "";
    if (destination.isEmpty()) {
      throw invalid(text, "");
    }
    boolean readOnly = false;
    boolean noCopy = false;
    String propagation = "";
    String idMap = null;
    boolean bind = source.startsWith("/");
    boolean said = false;
    for (String word : mode.isEmpty() ? new String[0] : mode.split(",", -1)) {
      if (word.equals("ro") || word.equals("rw")) {
        if (said) {
          throw new Fault.Invalid("invalid mode: " + mode);
        }
        said = true;
        readOnly = word.equals("ro");
      } else if (word.equals("nocopy") && !bind) {
        noCopy = true;
      } else if (PROPAGATIONS.contains(word) && bind) {
        propagation = word;
      } else if (word.equals("idmap")) {
        idMap = "";
      } else if (word.startsWith("idmap=")) {
        idMap = word.substring("idmap=".length());
      } else if (!Set.of("z", "Z", "cached", "delegated", "consistent").contains(word)) {
        throw new Fault.Invalid("invalid mode: " + mode);
      }
    }
    if (parts.length == 3 && mode.isEmpty()) {
      throw invalid(text, "");
    }
    String type = bind ? "bind" : "volume";
    if (!destination.startsWith("/")) {
      throw invalid(
          text,
          ": invalid mount config for type \""
              + type
              + "\": invalid mount path: '"
              + destination
              + "' mount path must be absolute");
    }
    if (normal(destination).equals("/")) {
      throw invalid(
          text,
          ": invalid mount config for type \""
              + type
              + "\": invalid specification: destination can't be '/'");
    }
    return new BindSpec(
        bind ? normal(source) : source,
        normal(destination),
        mode,
        readOnly,
        noCopy,
        propagation,
        idMap);
  }

  /// Without `.`, `..` and doubled slashes, by the words alone.
  static String normal(String path) {
    return Path.of(path).normalize().toString();
  }

  private static Fault invalid(String text, String why) {
    return new Fault.Invalid("invalid volume specification: '" + text + "'" + why);
  }
}
