package io.djong.engine.container;

import io.djong.model.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `--security-opt` says.
///
/// @param profile a seccomp profile of the user's own, as JSON
record SecurityOptions(
    boolean noNewPrivileges, boolean unfiltered, boolean allPaths, @Nullable String profile) {
  /// @throws Fault.Invalid if an option is not known
  static SecurityOptions of(@Nullable List<String> options) {
    boolean noNewPrivileges = false;
    boolean unfiltered = false;
    boolean allPaths = false;
    String profile = null;
    for (String option : options == null ? List.<String>of() : options) {
      int at = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
      if (at < 0 && !option.equals("no-new-privileges")) {
        throw new Fault.Invalid("invalid --security-opt 1: \"" + option + "\"");
      }
      String key = at < 0 ? option : option.substring(0, at);
      String value = at < 0 ? "" : option.substring(at + 1);
      switch (key) {
        case "no-new-privileges" -> noNewPrivileges = at < 0 || truth(value, option);
        case "seccomp" -> {
          unfiltered = value.equals("unconfined");
          profile = unfiltered || value.equals("builtin") ? null : value;
        }
        case "systempaths" -> {
          if (!value.equals("unconfined")) {
            throw new Fault.Invalid("invalid --security-opt 2: \"" + option + "\"");
          }
          allPaths = true;
        }
        // Neither is active on a machine that djong runs on yet: there is nothing to switch off.
        case "apparmor", "label" -> {
          if (key.equals("apparmor") && !value.equals("unconfined")) {
            throw new Fault.Unsupported("--security-opt apparmor is not supported yet by djong");
          }
        }
        default -> throw new Fault.Invalid("invalid --security-opt 2: \"" + option + "\"");
      }
    }
    return new SecurityOptions(noNewPrivileges, unfiltered, allPaths, profile);
  }

  private static boolean truth(String value, String option) {
    return switch (value) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default -> throw new Fault.Invalid("invalid --security-opt 2: \"" + option + "\"");
    };
  }
}
