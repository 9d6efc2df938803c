package io.djong.registry.server;

import io.djong.registry.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who asks.
///
/// @param name empty for nobody in particular
/// @param granted what a token says the caller may do; null if the rules say it
/// @param known whether the name is one of ours, so that rules may speak of it
record Caller(String name, @Nullable List<Scope> granted, boolean known) {
  static final Caller ANONYMOUS = new Caller("", null, true);

  boolean anonymous() {
    return name.isEmpty();
  }
}
