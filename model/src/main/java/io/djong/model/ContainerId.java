package io.djong.model;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Names a container for ever: 64 lower-case hex digits, drawn at random, never all decimal in the
/// first twelve (tools take such a short id for a number).
public record ContainerId(String hex) {
  private static final SecureRandom RANDOM = new SecureRandom();

  public ContainerId {
    if (hex.length() != 64) {
      throw new Fault.Invalid("invalid container id \"" + hex + "\": want 64 hex digits");
    }
    for (int i = 0; i < hex.length(); i++) {
      if (Character.digit(hex.charAt(i), 16) < 0 || Character.isUpperCase(hex.charAt(i))) {
        throw new Fault.Invalid("invalid container id \"" + hex + "\": want 64 hex digits");
      }
    }
  }

  public static ContainerId random() {
    byte[] bytes = new byte[32];
    while (true) {
      RANDOM.nextBytes(bytes);
      String hex = HexFormat.of().formatHex(bytes);
      for (int i = 0; i < 12; i++) {
        if (hex.charAt(i) >= 'a') {
          return new ContainerId(hex);
        }
      }
    }
  }

  /// The first twelve digits, as people are shown them.
  public String abbreviated() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return hex;
  }
}
