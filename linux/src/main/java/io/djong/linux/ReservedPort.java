package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
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
    String subject = address.getHostAddress() + " port " + port;
    try (Frame frame = new Frame()) {
      int type = (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
      int socket = (int) frame.check(Syscall.SOCKET, subject, v4 ? AF_INET : AF_INET6, type, 0);
      try {
        long yes = frame.number(1);
        if (!v4) {
          frame.check(Syscall.SETSOCKOPT, subject, socket, IPPROTO_IPV6, IPV6_V6ONLY, yes, 4);
        }
        if (!datagram) {
          // Connections of an earlier listener that linger in TIME_WAIT must not keep us out …
          frame.check(Syscall.SETSOCKOPT, subject, socket, SOL_SOCKET, SO_REUSEADDR, yes, 4);
        }
        MemorySegment name = socketAddress(frame, address, port);
        frame.check(Syscall.BIND, subject, socket, name.address(), name.byteSize());
        if (!datagram) {
          // … and once we are in, nobody may join us.
          long no = frame.number(0);
          frame.check(Syscall.SETSOCKOPT, subject, socket, SOL_SOCKET, SO_REUSEADDR, no, 4);
        }
        return new ReservedPort(socket);
      } catch (IOException e) {
        Descriptors.close(socket);
        throw e;
      }
    }
  }

  @Override
  public void close() {
    Descriptors.close(socket);
  }

  private static MemorySegment socketAddress(Frame frame, InetAddress address, int port) {
    boolean v4 = address instanceof Inet4Address;
    ByteBuffer bytes = ByteBuffer.allocate(v4 ? 16 : 28).order(ByteOrder.nativeOrder());
    bytes.putShort((short) (v4 ? AF_INET : AF_INET6));
    bytes.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
    if (!v4) {
      bytes.putInt(0);
    }
    bytes.put(address.getAddress()).rewind();
    MemorySegment segment = frame.allocate(bytes.remaining());
    segment.copyFrom(MemorySegment.ofBuffer(bytes));
    return segment;
  }
}
