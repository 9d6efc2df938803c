package io.djong.engine.container;

import io.djong.model.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `--security-opt` says.
record SecurityOptions(boolean noNewPrivileges, boolean unfiltered, boolean allPaths) {
  /// @throws Fault.Invalid if an option is not known
  /// @throws Fault.Unsupported for a seccomp profile of the user's own
  static SecurityOptions of(@Nullable List<String> options) {
    boolean noNewPrivileges = false;
    boolean unfiltered = false;
    boolean allPaths = false;
    for (String option : options == null ? List.<String>of() : options) {
      int at = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
      String key = at < 0 ? option : option.substring(0, at);
      String value = at < 0 ? "" : option.substring(at + 1);
      switch (key) {
        case "no-new-privileges" -> noNewPrivileges = !value.equals("false");
        case "seccomp" -> {
          if (!value.equals("unconfined") && !value.equals("builtin")) {
            throw new Fault.Unsupported(
                "--security-opt seccomp with a profile of your own is not supported yet by djong:"
                    + " use seccomp=unconfined or leave it out");
          }
          unfiltered = value.equals("unconfined");
        }
        case "systempaths" -> allPaths = value.equals("unconfined");
        // Neither is active on a machine that djong runs on yet: there is nothing to switch off.
        case "apparmor", "label" -> {
          if (key.equals("apparmor") && !value.equals("unconfined")) {
            throw new Fault.Unsupported("--security-opt apparmor is not supported yet by djong");
          }
        }
        default -> throw new Fault.Invalid("invalid --security-opt 2: \"" + option + "\"");
      }
    }
    return new SecurityOptions(noNewPrivileges, unfiltered, allPaths);
  }
}
