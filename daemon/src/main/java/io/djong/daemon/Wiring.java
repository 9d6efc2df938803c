package io.djong.daemon;

import io.djong.engine.Engine;
import io.djong.model.Fault;

/// The one place where objects are made and handed to each other.
final class Wiring {
  private Wiring() {}

  @SuppressWarnings("DoNotCallSuggester") // Until the rooms below have landed.
  static Engine open(Settings settings) {
    throw new Fault.Unsupported("no engine is wired yet for " + settings.dataRoot());
  }
}
