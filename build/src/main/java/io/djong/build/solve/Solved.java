package io.djong.build.solve;

import io.djong.model.Digest;
import java.util.List;

/// The result of a step that makes a tree.
///
/// @param diffIds the layers of its tree, from the base upwards
/// @param trail what each step on the way from the image below made, in order
/// @param why in words, how it came about
public record Solved(List<Digest> diffIds, List<Trace> trail, boolean cached, String why) {
  public Solved {
    diffIds = List.copyOf(diffIds);
    trail = List.copyOf(trail);
  }

  /// What one step made.
  ///
  /// @param created RFC 3339
  public record Trace(boolean layer, String created) {
    String text() {
      return (layer ? "+" : "=") + created;
    }

    static Trace of(String text) {
      return new Trace(text.startsWith("+"), text.substring(1));
    }
  }

  Solved withWhy(boolean nowCached, String newWhy) {
    return new Solved(diffIds, trail, nowCached, newWhy);
  }
}
