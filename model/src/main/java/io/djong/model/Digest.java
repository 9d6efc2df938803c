package io.djong.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names bytes by their hash, as `algorithm:hex` (OCI image specification, Descriptors, Digests).
/// Two digests are equal exactly if their texts are. Known algorithms are sha256 and sha512; the
/// hex part is lower case and has the algorithm's full length, so a digest is always a safe file
/// name.
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
  public static final String SHA256 = "sha256";
  public static final String SHA512 = "sha512";

  /// @throws Fault.Invalid if the algorithm is not known or the hex part is not what it must be
  public Digest {
    int length =
        switch (algorithm) {
          case SHA256 -> 64;
          case SHA512 -> 128;
          default ->
              throw new Fault.Invalid(
                  "unsupported digest algorithm \"" + algorithm + "\": use sha256 or sha512");
        };
    if (hex.length() != length || !isLowerHex(hex)) {
      throw new Fault.Invalid(
          "invalid digest \""
              + algorithm
              + ":"
              + hex
              + "\": want "
              + length
              + " lower-case hex digits");
    }
  }

  /// Reads `algorithm:hex`.
  ///
  /// @throws Fault.Invalid if the text is not a digest
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw new Fault.Invalid("invalid digest \"" + text + "\": want algorithm:hex");
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /// The sha256 digest of these bytes.
  public static Digest of(byte[] bytes) {
    return ofHash(SHA256, newHash(SHA256).digest(bytes));
  }

  /// The digest whose hash value is already known.
  public static Digest ofHash(String algorithm, byte[] hash) {
    return new Digest(algorithm, HexFormat.of().formatHex(hash));
  }

  /// A fresh hash function for an algorithm of this class.
  public static MessageDigest newHash(String algorithm) {
    try {
      return MessageDigest.getInstance(
          switch (algorithm) {
            case SHA256 -> "SHA-256";
            case SHA512 -> "SHA-512";
            default -> algorithm;
          });
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /// The first twelve hex digits, as people are shown them.
  public String abbreviated() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }

  private static boolean isLowerHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }
}
