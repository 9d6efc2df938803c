package io.djong.linux;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes to devices, addresses and routes, in the order they were asked for, to be sent at once
/// by [Netlink#apply]. Numbers and layouts are those of `linux/rtnetlink.h` and `linux/if_link.h`.
/// For one thread.
public final class NetlinkBatch {
  static final short RTM_NEWLINK = 16;
  static final short RTM_DELLINK = 17;
  static final short RTM_NEWADDR = 20;
  static final short RTM_DELADDR = 21;
  static final short RTM_NEWROUTE = 24;
  static final short RTM_DELROUTE = 25;

  private static final short REQUEST = 0x1;
  private static final short ACK = 0x4;
  private static final short REPLACE = 0x100;
  private static final short EXCLUSIVE = 0x200;
  private static final short CREATE = 0x400;

  private static final int IFF_UP = 0x1;
  private static final byte AF_UNSPEC = 0;
  private static final byte AF_INET = 2;
  private static final byte AF_INET6 = 10;

  private final NetlinkBuffer buffer = new NetlinkBuffer();
  private final List<String> steps = new ArrayList<>();

  /// One end of a veth pair.
  ///
  /// @param mac as `02:42:ac:11:00:02`; null leaves it to the kernel
  public record End(String name, @Nullable String mac, int mtu) {}

  /// Adds a bridge without spanning tree, up.
  public NetlinkBatch addBridge(String name, @Nullable String mac, int mtu) {
    begin("add bridge " + name, RTM_NEWLINK, (short) (CREATE | EXCLUSIVE));
    link(AF_UNSPEC, 0, IFF_UP, IFF_UP);
    device(new End(name, mac, mtu));
    int info = buffer.beginNested(Netlink.IFLA_LINKINFO);
    buffer.text(Netlink.IFLA_INFO_KIND, "bridge");
    buffer.endNested(info);
    return end();
  }

  /// Adds a veth pair. The peer is born in the namespace of `peerNamespace`, down; the near end is
  /// up and a port of the bridge.
  ///
  /// @param bridge the index of the bridge; 0 for none
  public NetlinkBatch addVeth(End near, int bridge, End peer, NetworkNamespace peerNamespace) {
    begin(
        "add veth " + near.name() + " with peer " + peer.name(),
        RTM_NEWLINK,
        (short) (CREATE | EXCLUSIVE));
    link(AF_UNSPEC, 0, IFF_UP, IFF_UP);
    device(near);
    buffer.number(Netlink.IFLA_MASTER, bridge);
    int info = buffer.beginNested(Netlink.IFLA_LINKINFO);
    buffer.text(Netlink.IFLA_INFO_KIND, "veth");
    int data = buffer.beginNested(Netlink.IFLA_INFO_DATA);
    int far = buffer.beginNested(Netlink.VETH_INFO_PEER);
    // Not up: the kernel would open the peer before it knows its other end, and refuse.
    link(AF_UNSPEC, 0, 0, 0);
    device(peer);
    buffer.number(Netlink.IFLA_NET_NS_FD, peerNamespace.descriptor());
    buffer.endNested(far);
    buffer.endNested(data);
    buffer.endNested(info);
    return end();
  }

  /// Adds a device that stands beside its parent in the parent's network, born down in a namespace.
  ///
  /// @param kind `macvlan` or `ipvlan`
  /// @param mode as `linux/if_link.h` numbers it for this kind
  /// @param parent the index of the parent
  public NetlinkBatch addChild(
      String kind, int mode, int parent, End child, NetworkNamespace namespace) {
    begin("add " + kind + " " + child.name(), RTM_NEWLINK, (short) (CREATE | EXCLUSIVE));
    link(AF_UNSPEC, 0, 0, 0);
    device(child);
    buffer.number(Netlink.IFLA_LINK, parent);
    buffer.number(Netlink.IFLA_NET_NS_FD, namespace.descriptor());
    int info = buffer.beginNested(Netlink.IFLA_LINKINFO);
    buffer.text(Netlink.IFLA_INFO_KIND, kind);
    int data = buffer.beginNested(Netlink.IFLA_INFO_DATA);
    if (kind.equals("macvlan")) {
      buffer.number(Netlink.CHILD_MODE, mode);
    } else {
      buffer.bytes(
          Netlink.CHILD_MODE,
          java.nio.ByteBuffer.allocate(2)
              .order(java.nio.ByteOrder.nativeOrder())
              .putShort((short) mode)
              .array());
    }
    buffer.endNested(data);
    buffer.endNested(info);
    return end();
  }

  /// How a bridge treats one of its ports.
  ///
  /// @param hairpin frames may leave through the port they came from
  /// @param isolated no frames to and from other isolated ports
  public NetlinkBatch setBridgePort(String device, boolean hairpin, boolean isolated) {
    begin("set bridge port " + device, RTM_NEWLINK, (short) 0);
    link(AF_UNSPEC, 0, 0, 0);
    buffer.text(Netlink.IFLA_IFNAME, device);
    int info = buffer.beginNested(Netlink.IFLA_LINKINFO);
    buffer.text(Netlink.IFLA_INFO_SLAVE_KIND, "bridge");
    int data = buffer.beginNested(Netlink.IFLA_INFO_SLAVE_DATA);
    buffer.octet(Netlink.IFLA_BRPORT_MODE, (byte) (hairpin ? 1 : 0));
    buffer.octet(Netlink.IFLA_BRPORT_ISOLATED, (byte) (isolated ? 1 : 0));
    buffer.endNested(data);
    buffer.endNested(info);
    return end();
  }

  /// Writes something on a device that whoever looks at it reads.
  public NetlinkBatch setAlias(String device, String alias) {
    begin("set alias of " + device, RTM_NEWLINK, (short) 0);
    link(AF_UNSPEC, 0, 0, 0);
    buffer.text(Netlink.IFLA_IFNAME, device);
    buffer.text(Netlink.IFLA_IFALIAS, alias);
    return end();
  }

  public NetlinkBatch setUp(String device) {
    begin("set " + device + " up", RTM_NEWLINK, (short) 0);
    link(AF_UNSPEC, 0, IFF_UP, IFF_UP);
    buffer.text(Netlink.IFLA_IFNAME, device);
    return end();
  }

  public NetlinkBatch setMtu(String device, int mtu) {
    begin("set mtu of " + device, RTM_NEWLINK, (short) 0);
    link(AF_UNSPEC, 0, 0, 0);
    buffer.text(Netlink.IFLA_IFNAME, device);
    buffer.number(Netlink.IFLA_MTU, mtu);
    return end();
  }

  public NetlinkBatch setMac(String device, String mac) {
    begin("set address of " + device, RTM_NEWLINK, (short) 0);
    link(AF_UNSPEC, 0, 0, 0);
    buffer.text(Netlink.IFLA_IFNAME, device);
    buffer.bytes(Netlink.IFLA_ADDRESS, mac(mac));
    return end();
  }

  /// Makes a device a port of a bridge; 0 takes it out of any.
  public NetlinkBatch setMaster(String device, int bridge) {
    begin("set master of " + device, RTM_NEWLINK, (short) 0);
    link(AF_UNSPEC, 0, 0, 0);
    buffer.text(Netlink.IFLA_IFNAME, device);
    buffer.number(Netlink.IFLA_MASTER, bridge);
    return end();
  }

  /// Takes a device down and gives it a group, so that [#deleteGroup] finds it. Quick, unlike a
  /// deletion.
  public NetlinkBatch condemn(String device, int group) {
    begin("take down " + device, RTM_NEWLINK, (short) 0);
    link(AF_UNSPEC, 0, 0, IFF_UP);
    buffer.text(Netlink.IFLA_IFNAME, device);
    buffer.number(Netlink.IFLA_GROUP, group);
    return end();
  }

  /// Gives a device that is down another name.
  public NetlinkBatch rename(int device, String name) {
    begin("rename device " + device + " to " + name, RTM_NEWLINK, (short) 0);
    link(AF_UNSPEC, device, 0, 0);
    buffer.text(Netlink.IFLA_IFNAME, name);
    return end();
  }

  /// Deletes a device; a veth's peer goes with it. Sleeps for tens of milliseconds in the kernel.
  public NetlinkBatch deleteLink(String device) {
    begin("delete " + device, RTM_DELLINK, (short) 0);
    link(AF_UNSPEC, 0, 0, 0);
    buffer.text(Netlink.IFLA_IFNAME, device);
    return end();
  }

  /// Deletes all devices of a group, for the price of one. There must be one.
  public NetlinkBatch deleteGroup(int group) {
    begin("delete device group " + group, RTM_DELLINK, (short) 0);
    link(AF_UNSPEC, 0, 0, 0);
    buffer.number(Netlink.IFLA_GROUP, group);
    return end();
  }

  /// Gives a device an address. One that is there already stays.
  public NetlinkBatch addAddress(int device, InetAddress address, int prefix) {
    begin("add address " + address.getHostAddress(), RTM_NEWADDR, (short) (CREATE | REPLACE));
    address(device, address, prefix);
    return end();
  }

  public NetlinkBatch deleteAddress(int device, InetAddress address, int prefix) {
    begin("delete address " + address.getHostAddress(), RTM_DELADDR, (short) 0);
    address(device, address, prefix);
    return end();
  }

  /// Adds a route of the main table.
  ///
  /// @param destination null for the default route
  /// @param gateway null for what is on the device's own link
  public NetlinkBatch addRoute(
      @Nullable InetAddress destination, int prefix, @Nullable InetAddress gateway, int device) {
    begin("add route", RTM_NEWROUTE, (short) (CREATE | REPLACE));
    route(destination, prefix, gateway, device);
    return end();
  }

  public NetlinkBatch deleteRoute(
      @Nullable InetAddress destination, int prefix, @Nullable InetAddress gateway, int device) {
    begin("delete route", RTM_DELROUTE, (short) 0);
    route(destination, prefix, gateway, device);
    return end();
  }

  /// What each message is about, for errors; the sequence number of a message is its place here.
  List<String> steps() {
    return steps;
  }

  ByteBuffer bytes() {
    return buffer.flipped();
  }

  private void begin(String step, short type, short flags) {
    buffer.begin(type, (short) (REQUEST | ACK | flags), steps.size());
    steps.add(step);
  }

  private NetlinkBatch end() {
    buffer.end();
    return this;
  }

  private void link(byte family, int index, int flags, int change) {
    buffer.raw(family, (byte) 0);
    buffer.raw((short) 0);
    buffer.raw(index);
    buffer.raw(flags);
    buffer.raw(change);
  }

  private void device(End device) {
    buffer.text(Netlink.IFLA_IFNAME, device.name());
    buffer.number(Netlink.IFLA_MTU, device.mtu());
    if (device.mac() != null) {
      buffer.bytes(Netlink.IFLA_ADDRESS, mac(device.mac()));
    }
  }

  private void address(int device, InetAddress address, int prefix) {
    boolean v4 = address instanceof Inet4Address;
    buffer.raw(v4 ? AF_INET : AF_INET6, (byte) prefix);
    buffer.raw((byte) 0, (byte) 0);
    buffer.raw(device);
    buffer.bytes(Netlink.IFA_LOCAL, address.getAddress());
    buffer.bytes(Netlink.IFA_ADDRESS, address.getAddress());
    if (v4) {
      buffer.bytes(Netlink.IFA_BROADCAST, broadcast(address.getAddress(), prefix));
    } else {
      buffer.number(Netlink.IFA_FLAGS, Netlink.IFA_F_NODAD);
    }
  }

  private void route(
      @Nullable InetAddress destination, int prefix, @Nullable InetAddress gateway, int device) {
    InetAddress of = destination != null ? destination : gateway;
    boolean v4 = of == null || of instanceof Inet4Address;
    byte unicast = 1;
    byte scope = (byte) (gateway == null && v4 ? 253 : 0);
    byte boot = 3;
    byte main = (byte) 254;
    buffer.raw(v4 ? AF_INET : AF_INET6, (byte) (destination == null ? 0 : prefix));
    buffer.raw((byte) 0, (byte) 0);
    buffer.raw(main, boot);
    buffer.raw(scope, unicast);
    buffer.raw(0);
    if (destination != null) {
      buffer.bytes(Netlink.RTA_DST, destination.getAddress());
    }
    if (gateway != null) {
      buffer.bytes(Netlink.RTA_GATEWAY, gateway.getAddress());
    }
    buffer.number(Netlink.RTA_OIF, device);
  }

  private static byte[] broadcast(byte[] address, int prefix) {
    byte[] last = address.clone();
    for (int bit = prefix; bit < 32; bit++) {
      last[bit / 8] |= (byte) (0x80 >> (bit % 8));
    }
    return last;
  }

  private static byte[] mac(String text) {
    byte[] bytes = new byte[6];
    String[] parts = text.split(":", -1);
    if (parts.length != bytes.length) {
      throw new IllegalArgumentException("not a MAC address: " + text);
    }
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i], 16);
    }
    return bytes;
  }
}
