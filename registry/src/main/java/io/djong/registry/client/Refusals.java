package io.djong.registry.client;

import io.djong.http.HttpClient.Exchange;
import io.djong.model.Fault;
import io.djong.registry.ErrorBody;
import io.djong.registry.RegistryError;
import java.io.IOException;
import java.util.Locale;

/// Turns a registry's refusals into faults, in its own words as Docker shows them: `denied: …`.
final class Refusals {
  private static final int MAX_BODY = 64 << 10;
  private static final int MAX_SHOWN = 1000;

  private Refusals() {}

  /// The fault that an answer means which is no success.
  static Fault of(Exchange answer) throws IOException {
    int status = answer.status();
    String words = words(answer);
    return switch (status) {
      case 401, 403 -> new Fault.Denied(words);
      case 404, 410 -> new Fault.NotFound(words);
      case 409 -> new Fault.Conflict(words);
      case 429, 502, 503, 504 -> new Fault.Unavailable(words);
      default -> status >= 400 && status < 500 ? new Fault.Invalid(words) : new Fault.Failed(words);
    };
  }

  private static String words(Exchange answer) throws IOException {
    byte[] body = answer.body().readNBytes(MAX_BODY);
    ErrorBody errors = ErrorBody.read(body);
    if (!errors.errors().isEmpty()) {
      ErrorBody.Entry first = errors.errors().getFirst();
      String code = first.code().isEmpty() ? "unknown" : first.code().toLowerCase(Locale.ROOT);
      return shown(code.replace('_', ' ') + ": " + first.message());
    }
    return switch (answer.status()) {
      case 401 -> "unauthorized: " + RegistryError.UNAUTHORIZED.message();
      case 403 -> "denied: " + RegistryError.DENIED.message();
      case 404 -> "not found";
      case 429 -> "toomanyrequests: " + RegistryError.TOOMANYREQUESTS.message();
      default -> "received unexpected HTTP status: " + answer.status();
    };
  }

  /// A server's words on one line, without what would move a terminal's cursor, not too many.
  static String shown(String words) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(words.length(), MAX_SHOWN); i++) {
      char c = words.charAt(i);
      shown.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
    }
    return shown.toString();
  }
}
