package io.djong.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A socket of rtnetlink(7): devices, addresses and routes of one network namespace, the one of the
/// thread that opened it, whichever thread uses it later. Safe for use by several threads; each
/// call is a short conversation with the kernel under one lock.
public final class Netlink implements AutoCloseable {
  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINK = 5;
  static final int IFLA_MASTER = 10;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_IFALIAS = 20;
  static final int IFLA_GROUP = 27;
  static final int IFLA_NET_NS_FD = 28;
  static final int IFLA_INFO_KIND = 1;
  static final int IFLA_INFO_DATA = 2;
  static final int IFLA_INFO_SLAVE_KIND = 4;
  static final int IFLA_INFO_SLAVE_DATA = 5;
  static final int IFLA_BRPORT_MODE = 4;
  static final int IFLA_BRPORT_ISOLATED = 33;
  static final int VETH_INFO_PEER = 1;
  static final int CHILD_MODE = 1;
  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_BROADCAST = 4;
  static final int IFA_FLAGS = 8;
  static final int IFA_F_NODAD = 2;
  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;

  private static final short RTM_GETLINK = 18;
  private static final short RTM_GETADDR = 22;
  private static final short RTM_GETROUTE = 26;
  private static final short REQUEST = 0x1;
  private static final short DUMP = 0x300;

  private final ReentrantLock lock = new ReentrantLock();
  private final NetlinkSocket socket;

  /// A device. `kind` is `bridge`, `veth` … or empty; `master` 0 if it is no bridge's port; `alias`
  /// what somebody wrote on it.
  public record Link(
      int index,
      String name,
      int mtu,
      boolean up,
      int master,
      @Nullable String mac,
      String kind,
      String alias) {}

  /// An address of a device. `prefix` is in bits.
  public record Address(int device, InetAddress address, int prefix) {}

  /// A unicast route.
  ///
  /// @param destination null for a default route
  /// @param device 0 if the route has several ways
  public record Route(
      @Nullable InetAddress destination,
      int prefix,
      @Nullable InetAddress gateway,
      int device,
      boolean v4) {}

  private Netlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// A socket in the network namespace of the calling thread.
  public static Netlink open() throws IOException {
    return new Netlink(new NetlinkSocket(NetlinkSocket.ROUTE));
  }

  /// Sends all changes at once. The kernel makes them one after the other; those after one that
  /// failed are tried all the same.
  ///
  /// @throws KernelException for the first change that failed
  public void apply(NetlinkBatch batch) throws IOException {
    lock.lock();
    try {
      socket.send(batch.bytes());
      KernelException failed = null;
      for (int answered = 0; answered < batch.steps().size(); ) {
        for (NetlinkReply reply : socket.receive()) {
          answered++;
          KernelException refusal = reply.refusal(batch.steps().get(reply.sequence()));
          failed = failed == null ? refusal : failed;
        }
      }
      if (failed != null) {
        throw failed;
      }
    } finally {
      lock.unlock();
    }
  }

  /// The device of that name, or null.
  public @Nullable Link link(String name) throws IOException {
    NetlinkBuffer request = new NetlinkBuffer();
    request.begin(RTM_GETLINK, REQUEST, 0);
    request.zeros(16);
    request.text(IFLA_IFNAME, name);
    request.end();
    lock.lock();
    try {
      socket.send(request.flipped());
      NetlinkReply reply = socket.receive().getFirst();
      KernelException refusal = reply.refusal("look up device " + name);
      if (refusal == null) {
        return reply.link();
      }
      if (refusal.errno() == Errno.ENODEV) {
        return null;
      }
      throw refusal;
    } finally {
      lock.unlock();
    }
  }

  /// All devices.
  public List<Link> links() throws IOException {
    return dump(RTM_GETLINK).stream().map(NetlinkReply::link).toList();
  }

  /// All addresses of all devices, IPv4 and IPv6.
  public List<Address> addresses() throws IOException {
    return dump(RTM_GETADDR).stream().map(NetlinkReply::address).toList();
  }

  /// The unicast routes of all tables, IPv4 and IPv6.
  public List<Route> routes() throws IOException {
    return dump(RTM_GETROUTE).stream()
        .filter(NetlinkReply::isUnicastRoute)
        .map(NetlinkReply::route)
        .toList();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      socket.close();
    } finally {
      lock.unlock();
    }
  }

  private List<NetlinkReply> dump(short type) throws IOException {
    NetlinkBuffer buffer = new NetlinkBuffer();
    buffer.begin(type, (short) (REQUEST | DUMP), 0);
    buffer.zeros(16);
    buffer.end();
    ByteBuffer request = buffer.flipped();
    lock.lock();
    try {
      socket.send(request);
      List<NetlinkReply> all = new ArrayList<>();
      while (true) {
        for (NetlinkReply reply : socket.receive()) {
          if (reply.isDone()) {
            return all;
          }
          KernelException refusal = reply.refusal("list devices, addresses or routes");
          if (refusal != null) {
            throw refusal;
          }
          all.add(reply);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
