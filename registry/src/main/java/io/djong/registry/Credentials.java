package io.djong.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Who one is to a registry. None of them tells its secret when it is printed.
public sealed interface Credentials {
  /// Nobody.
  Credentials NONE = new None();

  /// See [Credentials#NONE].
  record None() implements Credentials {}

  /// A user with a password (RFC 7617).
  record Password(String user, String password) implements Credentials {
    /// The value of an `Authorization` header.
    public String header() {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /// Reads the value of an `Authorization` header; null if it is not one of these.
    public static @Nullable Password parse(String header) {
      if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
        return null;
      }
      try {
        byte[] pair = Base64.getDecoder().decode(header.substring(6).strip());
        String text = new String(pair, StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        return colon < 0 ? null : new Password(text.substring(0, colon), text.substring(colon + 1));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    @Override
    public String toString() {
      return "Password[" + user + "]";
    }
  }

  /// A refresh token that stands for a user (Docker's token authentication specification, OAuth2).
  record IdentityToken(String user, String token) implements Credentials {
    @Override
    public String toString() {
      return "IdentityToken[" + user + "]";
    }
  }

  /// A bearer token for the registry itself.
  record RegistryToken(String token) implements Credentials {
    @Override
    public String toString() {
      return "RegistryToken";
    }
  }
}
