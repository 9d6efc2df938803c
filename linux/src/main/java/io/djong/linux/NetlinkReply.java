package io.djong.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// One message of the kernel's.
final class NetlinkReply {
  private static final int ERROR = 2;
  private static final int DONE = 3;
  private static final int TEXT = 1;
  private static final int IFF_UP = 0x1;
  private static final int HEADER = 16;

  private final ByteBuffer message;

  NetlinkReply(ByteBuffer message) {
    this.message = message;
  }

  int sequence() {
    return message.getInt(8);
  }

  boolean isOfType(int wanted) {
    return (type() & 0xffff) == wanted;
  }

  boolean isDone() {
    return type() == DONE;
  }

  /// What the kernel refused, or null if this is no refusal.
  @Nullable KernelException refusal(String step) {
    int error = type() == ERROR ? -message.getInt(HEADER) : 0;
    if (error == 0) {
      return null;
    }
    byte[] words = attribute(HEADER + 4 + HEADER, TEXT);
    return new KernelException(words == null ? step : step + " (" + text(words) + ")", error);
  }

  Netlink.Link link() {
    int attributes = HEADER + 16;
    byte[] mac = attribute(attributes, Netlink.IFLA_ADDRESS);
    byte[] info = attribute(attributes, Netlink.IFLA_LINKINFO);
    byte[] kind = null;
    if (info != null) {
      kind =
          new NetlinkReply(ByteBuffer.wrap(info).order(message.order()))
              .attribute(0, Netlink.IFLA_INFO_KIND);
    }
    byte[] name = attribute(attributes, Netlink.IFLA_IFNAME);
    return new Netlink.Link(
        message.getInt(HEADER + 4),
        name == null ? "" : text(name),
        number(attributes, Netlink.IFLA_MTU),
        (message.getInt(HEADER + 8) & IFF_UP) != 0,
        number(attributes, Netlink.IFLA_MASTER),
        mac == null ? null : HexFormat.ofDelimiter(":").formatHex(mac),
        text(kind),
        text(attribute(attributes, Netlink.IFLA_IFALIAS)));
  }

  Netlink.Address address() {
    int attributes = HEADER + 8;
    byte[] local = attribute(attributes, Netlink.IFA_LOCAL);
    byte[] address = local != null ? local : attribute(attributes, Netlink.IFA_ADDRESS);
    if (address == null) {
      throw new IllegalStateException("the kernel lists an address without one");
    }
    return new Netlink.Address(
        message.getInt(HEADER + 4), inet(address), message.get(HEADER + 1) & 0xff);
  }

  boolean isUnicastRoute() {
    return message.get(HEADER + 7) == 1;
  }

  Netlink.Route route() {
    int attributes = HEADER + 12;
    byte[] destination = attribute(attributes, Netlink.RTA_DST);
    byte[] gateway = attribute(attributes, Netlink.RTA_GATEWAY);
    return new Netlink.Route(
        destination == null ? null : inet(destination),
        message.get(HEADER + 1) & 0xff,
        gateway == null ? null : inet(gateway),
        number(attributes, Netlink.RTA_OIF),
        message.get(HEADER) == 2);
  }

  private int type() {
    return message.getShort(4);
  }

  private int number(int from, int type) {
    byte[] value = attribute(from, type);
    return value == null ? 0 : ByteBuffer.wrap(value).order(message.order()).getInt();
  }

  /// The value of an attribute, those of a message beginning at `from`; null if it has none.
  byte @Nullable [] attribute(int from, int type) {
    for (int at = from; at + 4 <= message.limit(); ) {
      int length = message.getShort(at) & 0xffff;
      if (length < 4) {
        return null;
      }
      // The two upper bits say how the value is encoded, not what it is.
      if ((message.getShort(at + 2) & 0x3fff) == type) {
        byte[] value = new byte[length - 4];
        message.get(at + 4, value);
        return value;
      }
      at += (length + 3) & ~3;
    }
    return null;
  }

  static String text(byte @Nullable [] terminated) {
    if (terminated == null) {
      return "";
    }
    int length = terminated.length;
    while (length > 0 && terminated[length - 1] == 0) {
      length--;
    }
    return new String(terminated, 0, length, StandardCharsets.UTF_8);
  }

  private static InetAddress inet(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the kernel gave an address of a wrong length", e);
    }
  }
}
