package io.djong.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Messages of netlink(7) with their attributes, one behind the other, aligned to four bytes.
/// Grows. For one thread.
final class NetlinkBuffer {
  private ByteBuffer bytes = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
  private int message;

  void begin(short type, short flags, int sequence) {
    message = bytes.position();
    raw(0);
    raw(type);
    raw(flags);
    raw(sequence);
    raw(0);
  }

  void end() {
    bytes.putInt(message, bytes.position() - message);
  }

  void raw(byte first, byte second) {
    room(2);
    bytes.put(first).put(second);
  }

  void raw(short value) {
    room(2);
    bytes.putShort(value);
  }

  void raw(int value) {
    room(4);
    bytes.putInt(value);
  }

  void zeros(int count) {
    room(count);
    bytes.put(new byte[count]);
  }

  void number(int type, int value) {
    raw((short) 8);
    raw((short) type);
    raw(value);
  }

  void octet(int type, byte value) {
    bytes(type, new byte[] {value});
  }

  void text(int type, String value) {
    bytes(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
  }

  void bytes(int type, byte[] value) {
    int padding = -value.length & 3;
    raw((short) (4 + value.length));
    raw((short) type);
    room(value.length + padding);
    bytes.put(value).put(new byte[padding]);
  }

  int beginNested(int type) {
    int start = bytes.position();
    raw((short) 0);
    raw((short) type);
    return start;
  }

  void endNested(int start) {
    bytes.putShort(start, (short) (bytes.position() - start));
  }

  ByteBuffer flipped() {
    return bytes.duplicate().flip();
  }

  private void room(int count) {
    if (bytes.remaining() < count) {
      int capacity = Math.max(bytes.capacity() * 2, bytes.position() + count);
      bytes = ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder()).put(bytes.flip());
    }
  }
}
