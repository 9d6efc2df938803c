package io.djong.cli.command;

import io.djong.cli.flag.Given;
import org.jspecify.annotations.Nullable;

/// The name a user wants to give to an image, as the API takes it: in two parts.
record ImageName(@Nullable String repository, @Nullable String tag) {
  private static final ImageName NONE = new ImageName(null, null);

  /// The repository, empty for none.
  String path() {
    return repository == null ? "" : repository;
  }

  /// Splits at the colon of the tag; the engine checks the rest.
  static ImageName split(String name) {
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/')
        ? new ImageName(name.substring(0, colon), name.substring(colon + 1))
        : new ImageName(name, null);
  }

  /// The argument at a place, or no name if it was not given.
  static ImageName argument(Given given, int index) {
    return index < given.arguments().size() ? split(given.argument(index)) : NONE;
  }
}
