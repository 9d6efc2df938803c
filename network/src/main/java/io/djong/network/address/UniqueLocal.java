package io.djong.network.address;

import io.djong.network.Cidr;
import io.djong.network.Network;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/// Subnets of IPv6 that no other site has (RFC 4193): drawn, not registered.
public final class UniqueLocal {
  private static final int PREFIX = 64;

  private UniqueLocal() {}

  /// A subnet from the network's own id, whose digits are drawn.
  public static Network.Pool pool(String id) {
    byte[] address = new byte[16];
    address[0] = (byte) 0xfd;
    System.arraycopy(HexFormat.of().parseHex(id.substring(0, 14)), 0, address, 1, 7);
    try {
      Cidr subnet = new Cidr(InetAddress.getByAddress(address), PREFIX);
      return new Network.Pool(subnet, subnet.at(1));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen bytes are an address", e);
    }
  }
}
