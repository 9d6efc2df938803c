package io.djong.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
  static final int IFLA_MASTER = 10;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_GROUP = 27;
  static final int IFLA_NET_NS_FD = 28;
  static final int IFLA_INFO_KIND = 1;
  static final int IFLA_INFO_DATA = 2;
  static final int IFLA_INFO_SLAVE_KIND = 4;
  static final int IFLA_INFO_SLAVE_DATA = 5;
  static final int IFLA_BRPORT_MODE = 4;
  static final int IFLA_BRPORT_ISOLATED = 33;
  static final int VETH_INFO_PEER = 1;
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
  private static final int HEADER = 16;
  private static final int RECEIVE = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment received = arena.allocate(RECEIVE, 8);
  private final MemorySegment captured = Libc.errnoSegment(arena);
  private final int socket;

  /// A device. `kind` is `bridge`, `veth` … or empty; `master` 0 if it is no bridge's port.
  public record Link(
      int index, String name, int mtu, boolean up, int master, @Nullable String mac, String kind) {}

  private Netlink() throws IOException {
    socket = Call.socket(captured);
    try {
      // The kernel then says in words what was wrong, and does not echo the request.
      Call.option(captured, socket, Call.NETLINK_EXT_ACK);
      Call.option(captured, socket, Call.NETLINK_CAP_ACK);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /// A socket in the network namespace of the calling thread.
  public static Netlink open() throws IOException {
    return new Netlink();
  }

  /// Sends all changes at once. The kernel makes them one after the other; those after one that
  /// failed are tried all the same.
  ///
  /// @throws KernelException for the first change that failed
  public void apply(NetlinkBatch batch) throws IOException {
    lock.lock();
    try {
      send(batch.bytes());
      KernelException failed = null;
      for (int answered = 0; answered < batch.steps().size(); ) {
        for (NetlinkReply reply : receive()) {
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
    byte[] text = (name + "\0").getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 3) & ~3;
    ByteBuffer request = request(RTM_GETLINK, (short) 0x1, HEADER + padded + 4);
    request.position(HEADER + 16);
    request.putShort((short) (4 + text.length)).putShort((short) IFLA_IFNAME).put(text);
    lock.lock();
    try {
      send(request.rewind());
      NetlinkReply reply = receive().getFirst();
      KernelException refusal = reply.refusal("look up " + name);
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
  public List<NetlinkReply.Address> addresses() throws IOException {
    return dump(RTM_GETADDR).stream().map(NetlinkReply::address).toList();
  }

  /// The unicast routes of all tables, IPv4 and IPv6.
  public List<NetlinkReply.Route> routes() throws IOException {
    return dump(RTM_GETROUTE).stream()
        .filter(NetlinkReply::isUnicastRoute)
        .map(NetlinkReply::route)
        .toList();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      Call.close(captured, socket);
      arena.close();
    } finally {
      lock.unlock();
    }
  }

  private List<NetlinkReply> dump(short type) throws IOException {
    lock.lock();
    try {
      send(request(type, (short) 0x301, 16).rewind());
      List<NetlinkReply> all = new ArrayList<>();
      while (true) {
        for (NetlinkReply reply : receive()) {
          if (reply.isDone()) {
            return all;
          }
          KernelException refusal = reply.refusal("list");
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

  private static ByteBuffer request(short type, short flags, int body) {
    ByteBuffer request = ByteBuffer.allocate(HEADER + body).order(ByteOrder.nativeOrder());
    return request.putInt(HEADER + body).putShort(type).putShort(flags).putInt(0).putInt(0);
  }

  private void send(ByteBuffer request) throws IOException {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment bytes = local.allocate(request.remaining(), 8);
      bytes.copyFrom(MemorySegment.ofBuffer(request));
      Call.send(captured, socket, bytes);
    }
  }

  private List<NetlinkReply> receive() throws IOException {
    int length = Call.receive(captured, socket, received);
    List<NetlinkReply> replies = new ArrayList<>();
    for (int at = 0; at + HEADER <= length; ) {
      int size = received.get(JAVA_INT_UNALIGNED, at);
      byte[] message = received.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE);
      replies.add(new NetlinkReply(ByteBuffer.wrap(message).order(ByteOrder.nativeOrder())));
      at += (size + 3) & ~3;
    }
    return replies;
  }

  /// The system calls, linked when the first socket is opened.
  private static final class Call {
    static final int NETLINK_CAP_ACK = 10;
    static final int NETLINK_EXT_ACK = 11;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_NETLINK = 270;

    private static final MethodHandle SOCKET =
        Libc.bind("socket", FunctionDescriptor.of(Libc.INT, Libc.INT, Libc.INT, Libc.INT));
    private static final MethodHandle SETSOCKOPT =
        Libc.bind(
            "setsockopt",
            FunctionDescriptor.of(
                Libc.INT, Libc.INT, Libc.INT, Libc.INT, ValueLayout.ADDRESS, Libc.INT));
    private static final MethodHandle SEND =
        Libc.bind(
            "send",
            FunctionDescriptor.of(Libc.LONG, Libc.INT, ValueLayout.ADDRESS, Libc.LONG, Libc.INT));
    private static final MethodHandle RECV =
        Libc.bind(
            "recv",
            FunctionDescriptor.of(Libc.LONG, Libc.INT, ValueLayout.ADDRESS, Libc.LONG, Libc.INT));
    private static final MethodHandle CLOSE =
        Libc.bind("close", FunctionDescriptor.of(Libc.INT, Libc.INT));

    static int socket(MemorySegment captured) throws IOException {
      try {
        int fd = (int) SOCKET.invokeExact(captured, AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
          throw new KernelException("open netlink socket", Libc.errno(captured));
        }
        return fd;
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw Libc.unexpected(e);
      }
    }

    static void option(MemorySegment captured, int fd, int option) throws IOException {
      try (Arena local = Arena.ofConfined()) {
        MemorySegment one = local.allocateFrom(Libc.INT, 1);
        if ((int) SETSOCKOPT.invokeExact(captured, fd, SOL_NETLINK, option, one, 4) < 0) {
          throw new KernelException("set up netlink socket", Libc.errno(captured));
        }
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw Libc.unexpected(e);
      }
    }

    static void send(MemorySegment captured, int fd, MemorySegment bytes) throws IOException {
      try {
        if ((long) SEND.invokeExact(captured, fd, bytes, bytes.byteSize(), 0) < 0) {
          throw new KernelException("send to netlink", Libc.errno(captured));
        }
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw Libc.unexpected(e);
      }
    }

    static int receive(MemorySegment captured, int fd, MemorySegment into) throws IOException {
      try {
        while (true) {
          long count = (long) RECV.invokeExact(captured, fd, into, into.byteSize(), 0);
          if (count >= 0) {
            return (int) count;
          }
          if (Libc.errno(captured) != Errno.EINTR) {
            throw new KernelException("receive from netlink", Libc.errno(captured));
          }
        }
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw Libc.unexpected(e);
      }
    }

    static void close(MemorySegment captured, int fd) {
      try {
        int ignored = (int) CLOSE.invokeExact(captured, fd);
      } catch (Throwable e) {
        throw Libc.unexpected(e);
      }
    }
  }
}
