package io.djong.registry.sign;

import io.djong.model.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Textual encoding of keys (RFC 7468).
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Pem(String label, byte[] bytes) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /// Reads the first block of a text.
  ///
  /// @throws Fault.Invalid if there is none; the text is not quoted
  static Pem read(String text) {
    int begin = text.indexOf(BEGIN);
    int body = begin < 0 ? -1 : text.indexOf(DASHES, begin + BEGIN.length());
    int end = body < 0 ? -1 : text.indexOf(END, body);
    if (end < 0) {
      throw new Fault.Invalid("invalid key: it is no PEM");
    }
    String label = text.substring(begin + BEGIN.length(), body);
    try {
      byte[] bytes =
          Base64.getMimeDecoder().decode(text.substring(body + DASHES.length(), end).strip());
      return new Pem(label, bytes);
    } catch (IllegalArgumentException e) {
      throw new Fault.Invalid("invalid key: it is no PEM");
    }
  }

  static String write(String label, byte[] bytes) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return BEGIN + label + DASHES + "\n" + body + "\n" + END + label + DASHES + "\n";
  }

  @Override
  public String toString() {
    return "Pem[" + label + "]";
  }
}
