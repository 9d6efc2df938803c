package io.djong.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a token is for: `repository:library/busybox:pull,push` (Docker's token authentication
/// specification, Scope).
public record Scope(String type, String name, Set<String> actions) {
  public static final String PULL = "pull";
  public static final String PUSH = "push";

  /// For the list of all repositories.
  public static final Scope CATALOG = new Scope("registry", "catalog", Set.of("*"));

  public Scope {
    actions = java.util.Collections.unmodifiableSet(new TreeSet<>(actions));
  }

  public static Scope repository(String path, String... actions) {
    return new Scope("repository", path, new TreeSet<>(Arrays.asList(actions)));
  }

  /// Reads one scope; null if it is none.
  public static @Nullable Scope parse(String text) {
    int first = text.indexOf(':');
    int last = text.lastIndexOf(':');
    if (first <= 0 || last == first || last == first + 1) {
      return null;
    }
    Set<String> actions = new TreeSet<>();
    for (String action : text.substring(last + 1).split(",", -1)) {
      if (!action.isBlank()) {
        actions.add(action.strip());
      }
    }
    return new Scope(text.substring(0, first), text.substring(first + 1, last), actions);
  }

  /// Reads several, with blanks between them; what is no scope is passed over.
  public static List<Scope> parseAll(String text) {
    List<Scope> all = new ArrayList<>();
    for (String each : text.split(" ", -1)) {
      Scope scope = parse(each);
      if (scope != null) {
        all.add(scope);
      }
    }
    return all;
  }

  @Override
  public String toString() {
    return type + ":" + name + ":" + String.join(",", actions);
  }
}
