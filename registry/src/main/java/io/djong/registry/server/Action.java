package io.djong.registry.server;

import java.util.Locale;

/// What one can do with a repository.
enum Action {
  PULL,
  PUSH,
  DELETE;

  /// As scopes and settings say it.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
