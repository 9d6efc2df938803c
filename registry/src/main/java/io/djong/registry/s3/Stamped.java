package io.djong.registry.s3;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// Bytes as an object keeps them: behind some that are never the same twice, so that an object's
/// etag, which is a hash of its bytes, tells of every writing.
final class Stamped {
  private static final int STAMP = 16;

  private Stamped() {}

  static byte[] of(byte[] bytes) {
    byte[] all = new byte[STAMP + bytes.length];
    byte[] stamp = new byte[STAMP];
    ThreadLocalRandom.current().nextBytes(stamp);
    System.arraycopy(stamp, 0, all, 0, STAMP);
    System.arraycopy(bytes, 0, all, STAMP, bytes.length);
    return all;
  }

  static byte[] bytes(byte[] stamped) {
    return Arrays.copyOfRange(stamped, Math.min(STAMP, stamped.length), stamped.length);
  }
}
