package io.djong.network;

import io.djong.model.Fault;
import java.net.InetAddress;
import java.net.UnknownHostException;

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
    return address.getHostAddress() + "/" + prefix;
  }
}
