package io.djong.linux;

import static io.djong.linux.NftElements.ACK;
import static io.djong.linux.NftElements.CREATE;
import static io.djong.linux.NftElements.REQUEST;

import java.nio.ByteBuffer;

/// What is said of a table of the family inet as a whole. Layouts and flags are those of
/// `linux/netfilter/nf_tables.h`.
final class NftTable {
  private static final short NEW_TABLE = 10 << 8;
  private static final short DELETE_TABLE = (10 << 8) | 2;
  private static final int FLAGS = 2;

  /// Nobody but the socket that says so may change it; it outlives that socket.
  private static final int OWNER = 2;

  private static final int PERSIST = 4;

  private NftTable() {}

  /// Makes the table the sender's, and makes it unless it is there.
  static ByteBuffer owned(String name) {
    NetlinkBuffer buffer = new NetlinkBuffer();
    NftElements.frame(buffer, NftElements.BATCH_BEGIN);
    NftElements.begin(buffer, NEW_TABLE, (short) (REQUEST | ACK | CREATE), 1, name);
    buffer.bytes(FLAGS, new byte[] {0, 0, 0, OWNER | PERSIST});
    buffer.end();
    NftElements.frame(buffer, NftElements.BATCH_END);
    return buffer.flipped();
  }

  /// Deletes the table, whether it is there or not.
  static ByteBuffer deleted(String name) {
    NetlinkBuffer buffer = new NetlinkBuffer();
    NftElements.frame(buffer, NftElements.BATCH_BEGIN);
    NftElements.begin(buffer, NEW_TABLE, (short) (REQUEST | ACK | CREATE), 1, name);
    buffer.end();
    NftElements.begin(buffer, DELETE_TABLE, (short) (REQUEST | ACK), 1, name);
    buffer.end();
    NftElements.frame(buffer, NftElements.BATCH_END);
    return buffer.flipped();
  }
}
