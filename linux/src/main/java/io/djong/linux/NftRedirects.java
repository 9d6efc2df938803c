package io.djong.linux;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A table of the family ip that leads what programs of this network namespace send to one address
/// and port to another, to be written by [Nftables#apply]: in whole, in place of one of that name.
/// Layouts are those of `linux/netfilter/nf_tables.h`. For one thread.
public final class NftRedirects {
  private static final short NEW_TABLE = 10 << 8;
  private static final short DELETE_TABLE = (10 << 8) | 2;
  private static final short NEW_CHAIN = (10 << 8) | 3;
  private static final short NEW_RULE = (10 << 8) | 6;
  private static final short REQUEST = 0x1;
  private static final short ACK = 0x4;
  private static final short CREATE = 0x400;
  private static final short APPEND = 0x800;
  private static final int NESTED = 0x8000;
  private static final byte IPV4 = 2;
  private static final int LOCAL_OUT = 3;
  private static final int BEFORE_ROUTING = -100;
  private static final String CHAIN = "output";
  private static final int NETWORK_HEADER = 1;
  private static final int TRANSPORT_HEADER = 2;
  private static final int FIRST_REGISTER = 1;
  private static final int SECOND_REGISTER = 2;

  private final NetlinkBuffer buffer = new NetlinkBuffer();
  private final String table;
  private int count;

  public NftRedirects(String table) {
    this.table = table;
    NftElements.frame(buffer, NftElements.BATCH_BEGIN);
    table(NEW_TABLE, CREATE);
    table(DELETE_TABLE, (short) 0);
    table(NEW_TABLE, CREATE);
    chain();
  }

  /// Leads one way.
  ///
  /// @param protocol its number: 6 for TCP, 17 for UDP
  public NftRedirects add(byte protocol, InetSocketAddress from, InetSocketAddress to) {
    begin(NEW_RULE, (short) (CREATE | APPEND));
    buffer.text(1, table);
    buffer.text(2, CHAIN);
    int expressions = buffer.beginNested(4 | NESTED);
    load(NETWORK_HEADER, 16, 4);
    compare(from.getAddress().getAddress());
    load(NETWORK_HEADER, 9, 1);
    compare(new byte[] {protocol});
    load(TRANSPORT_HEADER, 2, 2);
    compare(NftElements.port(from.getPort()));
    set(FIRST_REGISTER, to.getAddress().getAddress());
    set(SECOND_REGISTER, NftElements.port(to.getPort()));
    lead();
    buffer.endNested(expressions);
    buffer.end();
    return this;
  }

  /// The whole transaction. To be called once.
  ByteBuffer bytes() {
    NftElements.frame(buffer, NftElements.BATCH_END);
    return buffer.flipped();
  }

  private void begin(short type, short flags) {
    count++;
    buffer.begin(type, (short) (REQUEST | ACK | flags), count);
    buffer.raw(IPV4, (byte) 0);
    buffer.raw((short) 0);
  }

  private void table(short type, short flags) {
    begin(type, flags);
    buffer.text(1, table);
    buffer.end();
  }

  private void chain() {
    begin(NEW_CHAIN, CREATE);
    buffer.text(1, table);
    buffer.text(3, CHAIN);
    int hook = buffer.beginNested(4 | NESTED);
    number(1, LOCAL_OUT);
    number(2, BEFORE_ROUTING);
    buffer.endNested(hook);
    buffer.text(7, "nat");
    buffer.end();
  }

  private void load(int header, int offset, int length) {
    int[] nested = expression("payload");
    number(1, FIRST_REGISTER);
    number(2, header);
    number(3, offset);
    number(4, length);
    end(nested);
  }

  private void compare(byte[] value) {
    int[] nested = expression("cmp");
    number(1, FIRST_REGISTER);
    number(2, 0);
    data(3, value);
    end(nested);
  }

  private void set(int register, byte[] value) {
    int[] nested = expression("immediate");
    number(1, register);
    data(2, value);
    end(nested);
  }

  private void lead() {
    int[] nested = expression("nat");
    number(1, 1);
    number(2, IPV4);
    number(3, FIRST_REGISTER);
    number(5, SECOND_REGISTER);
    end(nested);
  }

  private int[] expression(String name) {
    int element = buffer.beginNested(1 | NESTED);
    buffer.text(1, name);
    return new int[] {element, buffer.beginNested(2 | NESTED)};
  }

  private void end(int[] nested) {
    buffer.endNested(nested[1]);
    buffer.endNested(nested[0]);
  }

  private void data(int type, byte[] value) {
    int data = buffer.beginNested(type | NESTED);
    buffer.bytes(1, value);
    buffer.endNested(data);
  }

  /// The packet filter's numbers are big-endian.
  private void number(int type, int value) {
    buffer.bytes(type, ByteBuffer.allocate(4).order(ByteOrder.BIG_ENDIAN).putInt(value).array());
  }
}
