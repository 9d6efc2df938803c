package io.djong.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Changes to the elements of sets and maps of one table of the family inet, to be made as one
/// transaction by [Nftables#apply]. Unlike text it costs the same whatever else the packet filter
/// holds. Layouts are those of `linux/netfilter/nf_tables.h`. For one thread.
public final class NftElements {
  static final short BATCH_BEGIN = 0x10;
  static final short BATCH_END = 0x11;
  private static final short NEW_ELEMENTS = (10 << 8) | 12;
  private static final short DELETE_ELEMENTS = (10 << 8) | 14;
  private static final short SUBSYSTEM = 10;
  private static final byte INET = 1;
  static final short REQUEST = 0x1;
  static final short ACK = 0x4;
  static final short CREATE = 0x400;
  private static final int NESTED = 0x8000;
  private static final int TABLE = 1;
  private static final int SET = 2;
  private static final int ELEMENTS = 3;
  private static final int ELEMENT = 1;
  private static final int KEY = 1;
  private static final int DATA = 2;
  private static final int FLAGS = 3;
  private static final int KEY_END = 10;
  private static final int VALUE = 1;
  private static final int INTERVAL_END = 1;

  private final NetlinkBuffer buffer = new NetlinkBuffer();
  private final String table;
  private int count;
  private int flags;
  private byte @Nullable [] keyEnd;

  public NftElements(String table) {
    this.table = table;
    frame(buffer, BATCH_BEGIN);
  }

  /// Several fields as one key or value.
  public static byte[] concatenation(byte[]... fields) {
    int length = 0;
    for (byte[] field : fields) {
      length += (field.length + 3) & ~3;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] field : fields) {
      all.put(field).put(new byte[-field.length & 3]);
    }
    return all.array();
  }

  /// A port as the packet filter compares it.
  public static byte[] port(int port) {
    return new byte[] {(byte) (port >> 8), (byte) port};
  }

  /// Adds an element to a map. One that is there and leads to the same stays; one that leads
  /// elsewhere makes the transaction fail.
  public NftElements add(String map, byte[] key, byte[] value) {
    element(NEW_ELEMENTS, (short) (REQUEST | ACK | CREATE), map, key, value);
    return this;
  }

  /// Deletes an element. One that is not there makes the transaction fail.
  public NftElements delete(String map, byte[] key, byte[] value) {
    element(DELETE_ELEMENTS, (short) (REQUEST | ACK), map, key, value);
    return this;
  }

  /// Adds an element to a set, or the start of a range to a set of ranges. One that is there stays.
  public NftElements add(String set, byte[] key) {
    element(NEW_ELEMENTS, (short) (REQUEST | ACK | CREATE), set, key, null);
    return this;
  }

  /// Deletes an element. One that is not there makes the transaction fail.
  public NftElements delete(String set, byte[] key) {
    element(DELETE_ELEMENTS, (short) (REQUEST | ACK), set, key, null);
    return this;
  }

  /// Adds the end of a range: what comes after its last element.
  public NftElements addEnd(String set, byte[] key) {
    flags = INTERVAL_END;
    add(set, key);
    flags = 0;
    return this;
  }

  public NftElements deleteEnd(String set, byte[] key) {
    flags = INTERVAL_END;
    delete(set, key);
    flags = 0;
    return this;
  }

  /// Adds a range to a set of several fields, each from one value to another. One that is there
  /// stays; one that overlaps it makes the transaction fail.
  public NftElements addRange(String set, byte[] from, byte[] to) {
    range(NEW_ELEMENTS, (short) (REQUEST | ACK | CREATE), set, from, to);
    return this;
  }

  /// Deletes such a range. One that is not there makes the transaction fail.
  public NftElements deleteRange(String set, byte[] from, byte[] to) {
    range(DELETE_ELEMENTS, (short) (REQUEST | ACK), set, from, to);
    return this;
  }

  private void range(short type, short header, String set, byte[] from, byte[] to) {
    keyEnd = to;
    element(type, header, set, from, null);
    keyEnd = null;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /// The whole transaction. To be called once.
  ByteBuffer bytes() {
    frame(buffer, BATCH_END);
    return buffer.flipped();
  }

  private void element(short type, short header, String map, byte[] key, byte @Nullable [] value) {
    count++;
    begin(buffer, type, header, count, table);
    buffer.text(SET, map);
    int elements = buffer.beginNested(ELEMENTS | NESTED);
    int element = buffer.beginNested(ELEMENT | NESTED);
    int keyData = buffer.beginNested(KEY | NESTED);
    buffer.bytes(VALUE, key);
    buffer.endNested(keyData);
    if (value != null) {
      int valueData = buffer.beginNested(DATA | NESTED);
      buffer.bytes(VALUE, value);
      buffer.endNested(valueData);
    }
    if (keyEnd != null) {
      int keyEndData = buffer.beginNested(KEY_END | NESTED);
      buffer.bytes(VALUE, keyEnd);
      buffer.endNested(keyEndData);
    }
    if (flags != 0) {
      buffer.bytes(FLAGS, new byte[] {0, 0, 0, (byte) flags});
    }
    buffer.endNested(element);
    buffer.endNested(elements);
    buffer.end();
  }

  /// Begins what is said of a table of the family inet, or of something in it.
  ///
  /// @param header flags of the message
  static void begin(NetlinkBuffer buffer, short type, short header, int number, String table) {
    buffer.begin(type, header, number);
    buffer.raw(INET, (byte) 0);
    buffer.raw((short) 0);
    buffer.text(TABLE, table);
  }

  static void frame(NetlinkBuffer buffer, short type) {
    buffer.begin(type, REQUEST, 0);
    buffer.raw((byte) 0, (byte) 0);
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    buffer.raw(little ? Short.reverseBytes(SUBSYSTEM) : SUBSYSTEM);
    buffer.end();
  }
}
