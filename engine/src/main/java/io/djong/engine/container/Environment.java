package io.djong.engine.container;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Environment variables as lists of `NAME=value`, in order. Pure.
final class Environment {
  static final String DEFAULT_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Environment() {}

  /// The environment of a process: Docker's defaults, replaced where the container says otherwise.
  static List<String> of(
      @Nullable String hostname, boolean terminal, List<String> own, String home) {
    List<String> defaults = new ArrayList<>();
    defaults.add(DEFAULT_PATH);
    if (hostname != null) {
      defaults.add("HOSTNAME=" + hostname);
    }
    if (terminal) {
      defaults.add("TERM=xterm");
    }
    List<String> all = new ArrayList<>(overlaid(defaults, own));
    // Said here, so that the runtime does not read the container's passwd file for it.
    if (value(all, "HOME") == null) {
      all.add("HOME=" + home);
    }
    return List.copyOf(all);
  }

  /// The first list, with the second's values in place; a bare `NAME` of the second takes it away.
  static List<String> overlaid(List<String> below, List<String> above) {
    List<String> all = new ArrayList<>(below);
    for (String variable : above) {
      String name = name(variable);
      int at = indexOf(all, name);
      if (variable.indexOf('=') < 0) {
        if (at >= 0) {
          all.remove(at);
        }
      } else if (at >= 0) {
        all.set(at, variable);
      } else {
        all.add(variable);
      }
    }
    return List.copyOf(all);
  }

  /// The first list, with those of the second whose names it lacks in front: the image's defaults.
  static List<String> completed(List<String> own, List<String> defaults) {
    List<String> all = new ArrayList<>(own);
    for (String variable : defaults) {
      if (indexOf(all, name(variable)) < 0) {
        all.add(variable);
      }
    }
    return List.copyOf(all);
  }

  static @Nullable String value(List<String> variables, String name) {
    int at = indexOf(variables, name);
    return at < 0 ? null : variables.get(at).substring(name.length() + 1);
  }

  private static int indexOf(List<String> variables, String name) {
    for (int i = 0; i < variables.size(); i++) {
      if (name(variables.get(i)).equals(name) && variables.get(i).indexOf('=') > 0) {
        return i;
      }
    }
    return -1;
  }

  private static String name(String variable) {
    int equals = variable.indexOf('=');
    return equals < 0 ? variable : variable.substring(0, equals);
  }
}
