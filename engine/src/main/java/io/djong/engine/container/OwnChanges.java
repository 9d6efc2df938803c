package io.djong.engine.container;

import io.djong.layers.Snapshotter.Change;
import io.djong.layers.Snapshotter.Change.Kind;
import java.util.List;
import java.util.Set;

/// What a container itself changed: without the places that the engine made for its mounts. Pure.
final class OwnChanges {
  private static final Set<String> MADE =
      Set.of(
          "/.dockerenv",
          "/etc/hosts",
          "/etc/hostname",
          "/etc/resolv.conf",
          "/dev",
          "/proc",
          "/sys");

  private OwnChanges() {}

  static List<Change> of(List<Change> all) {
    List<Change> own =
        all.stream()
            .filter(change -> change.kind() != Kind.ADDED || !MADE.contains(text(change)))
            .toList();
    boolean etc = own.stream().anyMatch(change -> text(change).startsWith("/etc/"));
    return own.stream()
        .filter(change -> etc || change.kind() != Kind.MODIFIED || !text(change).equals("/etc"))
        .toList();
  }

  private static String text(Change change) {
    return change.path();
  }
}
