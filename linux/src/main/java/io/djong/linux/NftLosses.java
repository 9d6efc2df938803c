package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Hears of tables of the packet filter that are deleted, by whomever, in the network namespace of
/// the thread that opened this. For one thread.
public final class NftLosses implements AutoCloseable {
  private static final short AF_NETLINK = 16;
  private static final int TABLE_DELETED = (10 << 8) | 2;
  private static final int NAME = 1;
  private static final int HEADERS = 16 + 4;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final long PATIENCE_SECONDS = 2;

  /// The bit of the group NFNLGRP_NFTABLES (`linux/netfilter/nfnetlink.h`).
  private static final int GROUP = 1 << 6;

  private final NetlinkSocket socket;

  private NftLosses(NetlinkSocket socket) {
    this.socket = socket;
  }

  public static NftLosses open() throws IOException {
    NetlinkSocket socket = new NetlinkSocket(NetlinkSocket.NETFILTER);
    try (Frame frame = new Frame()) {
      MemorySegment address = frame.allocate(12);
      address.set(Libc.SHORT, 0, AF_NETLINK);
      address.set(Libc.INT, 8, GROUP);
      frame.check(Syscall.BIND, "netlink", socket.descriptor(), address.address(), 12);
      MemorySegment patience = frame.allocate(16);
      patience.set(Libc.LONG, 0, PATIENCE_SECONDS);
      frame.check(
          Syscall.SETSOCKOPT,
          "netlink",
          socket.descriptor(),
          SOL_SOCKET,
          SO_RCVTIMEO,
          patience.address(),
          16);
      return new NftLosses(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Waits two seconds at most.
  ///
  /// @return whether a table of this name was deleted, or the kernel had more to tell than it could
  public boolean await(String table) throws IOException {
    try {
      for (NetlinkReply reply : socket.receive()) {
        if (reply.isOfType(TABLE_DELETED)
            && table.equals(NetlinkReply.text(reply.attribute(HEADERS, NAME)))) {
          return true;
        }
      }
      return false;
    } catch (KernelException e) {
      if (e.errno() == Errno.EAGAIN) {
        return false;
      }
      if (e.errno() == Errno.ENOBUFS) {
        return true;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
