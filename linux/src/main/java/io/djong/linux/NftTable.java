package io.djong.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What is said of a table of the family inet as a whole. Layouts and flags are those of
/// `linux/netfilter/nf_tables.h`.
final class NftTable {
  private static final short NEW_TABLE = 10 << 8;
  private static final short DELETE_TABLE = (10 << 8) | 2;
  private static final byte INET = 1;
  private static final short REQUEST = 0x1;
  private static final short ACK = 0x4;
  private static final short CREATE = 0x400;
  private static final int NAME = 1;
  private static final int FLAGS = 2;

  /// Nobody but the socket that says so may change it; it outlives that socket.
  private static final int OWNER = 2;

  private static final int PERSIST = 4;

  private NftTable() {}

  /// Makes the table the sender's, and makes it unless it is there.
  static ByteBuffer owned(String name) {
    NetlinkBuffer buffer = new NetlinkBuffer();
    NftElements.frame(buffer, NftElements.BATCH_BEGIN);
    begin(buffer, NEW_TABLE, CREATE, name);
    byte[] flags =
        ByteBuffer.allocate(4).order(ByteOrder.BIG_ENDIAN).putInt(OWNER | PERSIST).array();
    buffer.bytes(FLAGS, flags);
    buffer.end();
    NftElements.frame(buffer, NftElements.BATCH_END);
    return buffer.flipped();
  }

  /// Deletes the table, whether it is there or not.
  static ByteBuffer deleted(String name) {
    NetlinkBuffer buffer = new NetlinkBuffer();
    NftElements.frame(buffer, NftElements.BATCH_BEGIN);
    begin(buffer, NEW_TABLE, CREATE, name);
    buffer.end();
    begin(buffer, DELETE_TABLE, (short) 0, name);
    buffer.end();
    NftElements.frame(buffer, NftElements.BATCH_END);
    return buffer.flipped();
  }

  private static void begin(NetlinkBuffer buffer, short type, short flags, String name) {
    buffer.begin(type, (short) (REQUEST | ACK | flags), 1);
    buffer.raw(INET, (byte) 0);
    buffer.raw((short) 0);
    buffer.text(NAME, name);
  }
}
