package io.djong.network;

import io.djong.model.Fault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// A range of addresses, as `address/prefix`. The address may have host bits.
public record Cidr(InetAddress address, int prefix) {
  /// Reads `192.0.2.0/24` or `fd00::/64`.
  ///
  /// @throws Fault.Invalid if the text is not that; names are never looked up
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new Fault.Invalid("invalid CIDR \"" + text + "\": want address/prefix");
    }
    InetAddress address = parseAddress(text.substring(0, slash));
    int prefix;
    try {
      prefix = Integer.parseInt(text.substring(slash + 1));
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid CIDR \"" + text + "\": bad prefix", e);
    }
    if (prefix < 0 || prefix > address.getAddress().length * 8) {
      throw new Fault.Invalid("invalid CIDR \"" + text + "\": bad prefix");
    }
    return new Cidr(address, prefix);
  }

  /// Reads a literal address; names are never looked up.
  public static InetAddress parseAddress(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new Fault.Invalid("invalid IP address \"" + text + "\"", e);
    }
  }

  /// An address as clients expect it: for IPv6 in the one form that RFC 5952 recommends (`::`,
  /// `fd00::2`).
  public static String text(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return address.getHostAddress();
    }
    int[] groups = new int[bytes.length / 2];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    int from = 0;
    int length = 1;
    for (int i = 0; i < groups.length; i++) {
      int end = i;
      while (end < groups.length && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        from = i;
        length = end - i;
      }
    }
    // A single zero is not shortened.
    return length == 1
        ? joined(groups, 0, groups.length)
        : joined(groups, 0, from) + "::" + joined(groups, from + length, groups.length);
  }

  private static String joined(int[] groups, int from, int to) {
    return Arrays.stream(groups, from, to)
        .mapToObj(Integer::toHexString)
        .collect(Collectors.joining(":"));
  }

  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /// Whether the two have an address in common.
  public boolean overlaps(Cidr other) {
    return prefix <= other.prefix ? contains(other.address) : other.contains(address);
  }

  /// The same range, named by its first address.
  public Cidr first() {
    return new Cidr(at(0), prefix);
  }

  /// The last address of the range.
  public InetAddress last() {
    byte[] bytes = address.getAddress();
    for (int bit = prefix; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] |= (byte) (0x80 >> (bit % 8));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the length did not change", e);
    }
  }

  /// The address at this distance from the first of the range.
  public InetAddress at(long offset) {
    byte[] bytes = address.getAddress();
    for (int bit = prefix; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    long carry = offset;
    for (int i = bytes.length - 1; i >= 0 && carry != 0; i--) {
      carry += bytes[i] & 0xff;
      bytes[i] = (byte) carry;
      carry >>= 8;
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the length did not change", e);
    }
  }

  @Override
  public String toString() {
    return text(address) + "/" + prefix;
  }
}
