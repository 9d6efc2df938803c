package io.djong.build.dockerfile;

import java.util.List;

/// A command in one of its two forms.
///
/// @param exec whether it was written as a JSON array, so that no shell comes between
/// @param words the array, or one line for the shell; empty if nothing was written
public record CommandLine(boolean exec, List<String> words) {
  public CommandLine {
    words = List.copyOf(words);
  }

  /// What is executed.
  public List<String> under(List<String> shell) {
    if (exec || words.isEmpty()) {
      return words;
    }
    List<String> all = new java.util.ArrayList<>(shell);
    all.addAll(words);
    return List.copyOf(all);
  }
}
