package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// A socket of netlink(7) in the network namespace of the thread that made it. For one conversation
/// at a time.
final class NetlinkSocket implements AutoCloseable {
  static final int ROUTE = 0;
  static final int NETFILTER = 12;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int HEADER = 16;

  // The kernel makes its answers to a dump no longer than 32 KiB.
  private static final int RECEIVE = 64 * 1024;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment received = arena.allocate(RECEIVE, Long.BYTES);
  private final int socket;

  /// @param protocol [#ROUTE] or [#NETFILTER]
  NetlinkSocket(int protocol) throws IOException {
    try (Frame frame = new Frame()) {
      socket = (int) frame.check(Syscall.SOCKET, "netlink", AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
      try {
        long one = frame.number(1);
        // The kernel then says in words what was wrong, and does not echo the request.
        frame.check(Syscall.SETSOCKOPT, "netlink", socket, SOL_NETLINK, NETLINK_EXT_ACK, one, 4);
        frame.check(Syscall.SETSOCKOPT, "netlink", socket, SOL_NETLINK, NETLINK_CAP_ACK, one, 4);
      } catch (IOException e) {
        close();
        throw e;
      }
    }
  }

  int descriptor() {
    return socket;
  }

  /// Sends messages. Unless they ask for a dump, the kernel has done its work and queued all its
  /// answers when this returns.
  void send(ByteBuffer messages) throws IOException {
    try (Frame frame = new Frame()) {
      MemorySegment bytes = frame.allocate(messages.remaining());
      bytes.copyFrom(MemorySegment.ofBuffer(messages));
      frame.check(Syscall.SENDTO, "netlink", socket, bytes.address(), bytes.byteSize(), 0, 0);
    }
  }

  /// The next answers; waits for them.
  List<NetlinkReply> receive() throws IOException {
    return receive(0);
  }

  /// The next answers that are there; none if all have been read.
  List<NetlinkReply> poll() throws IOException {
    return receive(MSG_DONTWAIT);
  }

  private List<NetlinkReply> receive(int flags) throws IOException {
    List<NetlinkReply> replies = new ArrayList<>();
    int length = receiveBytes(flags);
    for (int at = 0; at + HEADER <= length; ) {
      int size = received.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      byte[] message = received.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE);
      replies.add(new NetlinkReply(ByteBuffer.wrap(message).order(ByteOrder.nativeOrder())));
      at += (size + 3) & ~3;
    }
    return replies;
  }

  private int receiveBytes(int flags) throws IOException {
    try (Frame frame = new Frame()) {
      while (true) {
        long result = frame.call(Syscall.RECVFROM, socket, received.address(), RECEIVE, flags, 0);
        if (result >= 0) {
          return (int) result;
        }
        if (result == -Errno.EAGAIN && flags == MSG_DONTWAIT) {
          return 0;
        }
        if (result != -Errno.EINTR) {
          throw Syscall.RECVFROM.failed("netlink", result);
        }
      }
    }
  }

  @Override
  public void close() {
    Descriptors.close(socket);
    arena.close();
  }
}
