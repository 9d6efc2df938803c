package io.djong.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The packet filter of the network namespace in which this was opened: text by the program nft(8),
/// for what is rare, elements of sets by netlink, for what is done all the time. Safe for use by
/// several threads.
public final class Nftables implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final HostProgram program;
  private final NetlinkSocket socket;

  private Nftables(HostProgram program, NetlinkSocket socket) {
    this.program = program;
    this.socket = socket;
  }

  /// @throws IOException if nft is not installed
  public static Nftables open() throws IOException {
    HostProgram program = HostProgram.find("nft");
    if (program == null) {
      throw new IOException(
          "nft is in none of "
              + HostProgram.FOLDERS
              + ": install the package nftables of your distribution");
    }
    return new Nftables(program, new NetlinkSocket(NetlinkSocket.NETFILTER));
  }

  /// Runs commands as one transaction: all of them or none.
  ///
  /// @return what listing commands print
  /// @throws IOException with nft's own words
  public String run(String commands) throws IOException {
    lock.lock();
    try {
      return program.run(List.of("-f", "-"), commands);
    } finally {
      lock.unlock();
    }
  }

  /// Makes all the changes or none.
  ///
  /// @throws KernelException for the first change that does not fit
  public void apply(NftElements elements) throws IOException {
    if (!elements.isEmpty()) {
      send(elements.bytes(), "change elements of the packet filter");
    }
  }

  /// Writes a table anew, all of it or nothing.
  public void apply(NftRedirects redirects) throws IOException {
    send(redirects.bytes(), "write redirects of the packet filter");
  }

  private void send(ByteBuffer transaction, String subject) throws IOException {
    lock.lock();
    try {
      socket.send(transaction);
      KernelException failed = null;
      for (List<NetlinkReply> replies = socket.poll();
          !replies.isEmpty();
          replies = socket.poll()) {
        for (NetlinkReply reply : replies) {
          KernelException refusal = reply.refusal(subject);
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

  @Override
  public void close() {
    lock.lock();
    try {
      socket.close();
    } finally {
      lock.unlock();
    }
  }
}
