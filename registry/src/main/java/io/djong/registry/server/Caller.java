package io.djong.registry.server;

import io.djong.registry.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who asks.
///
/// @param name empty for nobody in particular
/// @param granted what a token says the caller may do; null if the rules say it
record Caller(String name, @Nullable List<Scope> granted) {
  static final Caller ANONYMOUS = new Caller("", null);

  boolean anonymous() {
    return name.isEmpty();
  }
}
