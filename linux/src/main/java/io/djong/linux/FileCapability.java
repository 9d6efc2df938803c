package io.djong.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The attribute that holds a file's capabilities (`capabilities(7)`): in version 2 they are good
/// for root of the machine, in version 3 for the root of a user namespace, which is named. Pure.
final class FileCapability {
  private static final byte[] NAME = "security.capability".getBytes(StandardCharsets.US_ASCII);
  private static final int REVISION = 0xff000000;
  private static final int VERSION_2 = 0x02000000;
  private static final int VERSION_3 = 0x03000000;
  private static final int SIZE_2 = 20;
  private static final int SIZE_3 = 24;

  private FileCapability() {}

  /// What is good for this root as what is good for any.
  static byte[] withoutRoot(byte[] name, byte[] value, int root) {
    if (!Arrays.equals(name, NAME) || value.length != SIZE_3) {
      return value;
    }
    ByteBuffer old = words(value);
    int head = old.getInt(0);
    if ((head & REVISION) != VERSION_3 || old.getInt(SIZE_2) != root) {
      return value;
    }
    byte[] plain = Arrays.copyOf(value, SIZE_2);
    words(plain).putInt(0, (head & ~REVISION) | VERSION_2);
    return plain;
  }

  /// What is good for any root as what is good for this one.
  static byte[] forRoot(byte[] name, byte[] value, int root) {
    if (!Arrays.equals(name, NAME) || value.length != SIZE_2) {
      return value;
    }
    int head = words(value).getInt(0);
    if ((head & REVISION) != VERSION_2) {
      return value;
    }
    byte[] named = Arrays.copyOf(value, SIZE_3);
    words(named).putInt(0, (head & ~REVISION) | VERSION_3).putInt(SIZE_2, root);
    return named;
  }

  private static ByteBuffer words(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
  }
}
