package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A port of this host that nobody else can bind while this is open. Nothing listens on it: a
/// connection that no rule of the packet filter takes is refused.
public final class ReservedPort implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  private final int socket;

  private ReservedPort(int socket) {
    this.socket = socket;
  }

  /// @param datagram UDP rather than TCP
  /// @throws KernelException EADDRINUSE if the port is taken, EADDRNOTAVAIL if the address is not
  ///   of this host
  public static ReservedPort bind(InetAddress address, int port, boolean datagram)
      throws IOException {
    boolean v4 = address instanceof Inet4Address;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = Libc.errnoSegment(arena);
      int type = (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
      int socket = (int) Call.SOCKET.invokeExact(captured, v4 ? AF_INET : AF_INET6, type, 0);
      if (socket < 0) {
        throw new KernelException("open socket", Libc.errno(captured));
      }
      ReservedPort reserved = new ReservedPort(socket);
      try {
        reserved.bind(arena, address, port, datagram);
        return reserved;
      } catch (IOException e) {
        reserved.close();
        throw e;
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  @Override
  public void close() {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) Call.CLOSE.invokeExact(Libc.errnoSegment(arena), socket);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  private void bind(Arena arena, InetAddress address, int port, boolean datagram)
      throws IOException {
    if (!(address instanceof Inet4Address)) {
      set(arena, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    }
    if (!datagram) {
      // Connections of an earlier listener that linger in TIME_WAIT must not keep us out; once we
      // are
      // in, nobody may join us.
      set(arena, SOL_SOCKET, SO_REUSEADDR, 1);
    }
    MemorySegment captured = Libc.errnoSegment(arena);
    MemorySegment name = socketAddress(arena, address, port);
    try {
      if ((int) Call.BIND.invokeExact(captured, socket, name, (int) name.byteSize()) < 0) {
        throw new KernelException(
            "bind " + address.getHostAddress() + " port " + port, Libc.errno(captured));
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
    if (!datagram) {
      set(arena, SOL_SOCKET, SO_REUSEADDR, 0);
    }
  }

  private void set(Arena arena, int level, int option, int value) throws IOException {
    MemorySegment captured = Libc.errnoSegment(arena);
    MemorySegment number = arena.allocateFrom(Libc.INT, value);
    try {
      if ((int) Call.SETSOCKOPT.invokeExact(captured, socket, level, option, number, 4) < 0) {
        throw new KernelException("set socket option", Libc.errno(captured));
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  private static MemorySegment socketAddress(Arena arena, InetAddress address, int port) {
    boolean v4 = address instanceof Inet4Address;
    ByteBuffer bytes = ByteBuffer.allocate(v4 ? 16 : 28).order(ByteOrder.nativeOrder());
    bytes.putShort((short) (v4 ? AF_INET : AF_INET6));
    bytes.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
    if (!v4) {
      bytes.putInt(0);
    }
    bytes.put(address.getAddress()).rewind();
    MemorySegment segment = arena.allocate(bytes.remaining(), 8);
    segment.copyFrom(MemorySegment.ofBuffer(bytes));
    return segment;
  }

  private static final class Call {
    static final MethodHandle SOCKET =
        Libc.bind("socket", FunctionDescriptor.of(Libc.INT, Libc.INT, Libc.INT, Libc.INT));
    static final MethodHandle BIND =
        Libc.bind("bind", FunctionDescriptor.of(Libc.INT, Libc.INT, ValueLayout.ADDRESS, Libc.INT));
    static final MethodHandle SETSOCKOPT =
        Libc.bind(
            "setsockopt",
            FunctionDescriptor.of(
                Libc.INT, Libc.INT, Libc.INT, Libc.INT, ValueLayout.ADDRESS, Libc.INT));
    static final MethodHandle CLOSE = Libc.bind("close", FunctionDescriptor.of(Libc.INT, Libc.INT));
  }
}
