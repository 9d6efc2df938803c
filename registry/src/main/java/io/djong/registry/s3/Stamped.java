package io.djong.registry.s3;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// Bytes as an object keeps them: behind some that are never the same twice, so that an object's
/// etag, which is a hash of its bytes, tells of every writing, and who wrote one knows it again.
///
/// @param object all bytes of the object
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Stamped(byte[] object) {
  private static final int STAMP = 16;

  /// With a stamp of their own.
  static Stamped of(byte[] bytes) {
    byte[] all = new byte[STAMP + bytes.length];
    byte[] stamp = new byte[STAMP];
    ThreadLocalRandom.current().nextBytes(stamp);
    System.arraycopy(stamp, 0, all, 0, STAMP);
    System.arraycopy(bytes, 0, all, STAMP, bytes.length);
    return new Stamped(all);
  }

  /// The bytes of an object that was read, without its stamp.
  static byte[] bytes(byte[] object) {
    return Arrays.copyOfRange(object, Math.min(STAMP, object.length), object.length);
  }
}
