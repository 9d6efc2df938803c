package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Hears of changes of the packet filter, by whomever, in the network namespace of the thread that
/// opened this. For one thread.
public final class NftEvents implements AutoCloseable {
  private static final short AF_NETLINK = 16;
  private static final int TABLE_DELETED = (10 << 8) | 2;
  private static final int CHAIN_MADE = (10 << 8) | 3;
  private static final int RULE_DELETED = (10 << 8) | 8;
  private static final int NAME = 1;
  private static final int CHAIN_OF_RULE = 2;
  private static final int CHAIN_NAME = 3;
  private static final int HEADERS = 16 + 4;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final long PATIENCE_SECONDS = 2;

  /// The bit of the group NFNLGRP_NFTABLES (`linux/netfilter/nfnetlink.h`).
  private static final int GROUP = 1 << 6;

  private final NetlinkSocket socket;

  private NftEvents(NetlinkSocket socket) {
    this.socket = socket;
  }

  public static NftEvents open() throws IOException {
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
      return new NftEvents(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// What may have happened. Where the kernel had more to tell than it could, all of it.
  ///
  /// @param lost whether the table was deleted
  /// @param forwarding whether a chain FORWARD was made, has another policy, or lost a rule
  public record Heard(boolean lost, boolean forwarding) {}

  /// Waits two seconds at most.
  ///
  /// @param table of which to tell that it was deleted
  public Heard await(String table) throws IOException {
    try {
      boolean lost = false;
      boolean forwarding = false;
      for (NetlinkReply reply : socket.receive()) {
        lost |=
            reply.isOfType(TABLE_DELETED)
                && table.equals(NetlinkReply.text(reply.attribute(HEADERS, NAME)));
        forwarding |=
            (reply.isOfType(CHAIN_MADE) && isForward(reply, CHAIN_NAME))
                || (reply.isOfType(RULE_DELETED) && isForward(reply, CHAIN_OF_RULE));
      }
      return new Heard(lost, forwarding);
    } catch (KernelException e) {
      if (e.errno() == Errno.EAGAIN) {
        return new Heard(false, false);
      }
      if (e.errno() == Errno.ENOBUFS) {
        return new Heard(true, true);
      }
      throw e;
    }
  }

  private static boolean isForward(NetlinkReply reply, int attribute) {
    return "FORWARD".equals(NetlinkReply.text(reply.attribute(HEADERS, attribute)));
  }

  @Override
  public void close() {
    socket.close();
  }
}
