package io.djong.engine.container;

import io.djong.model.Fault;

/// Says more about faults without changing what they are.
final class Faults {
  private Faults() {}

  /// The same fault with words in front, unless it has them already.
  static Fault prefixed(String words, Fault fault) {
    String message = String.valueOf(fault.getMessage());
    String whole = message.startsWith(words) ? message : words + message;
    return switch (fault) {
      case Fault.Invalid _ -> new Fault.Invalid(whole, fault);
      case Fault.Denied _ -> new Fault.Denied(whole);
      case Fault.NotFound _ -> new Fault.NotFound(whole);
      case Fault.Conflict _ -> new Fault.Conflict(whole);
      case Fault.Unsupported _ -> new Fault.Unsupported(whole);
      case Fault.Unavailable _ -> new Fault.Unavailable(whole, fault);
      case Fault.Failed _ -> new Fault.Failed(whole, fault);
    };
  }
}
