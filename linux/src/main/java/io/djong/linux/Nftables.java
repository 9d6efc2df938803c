package io.djong.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The packet filter of the network namespace in which this was opened: text by the program nft(8),
/// for what is rare, elements of sets by netlink, for what is done all the time. Safe for use by
/// several threads.
public final class Nftables implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Nftables.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final HostProgram program;
  private NetlinkSocket socket;
  private @Nullable String owned;

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

  /// Makes a table of the family inet unless it is there, and takes it for this process: until this
  /// is closed, nobody else can change or delete it, and `flush ruleset` passes it over. It stays
  /// when this is closed or the process ends, and then belongs to nobody. Idempotent; one table at
  /// a time.
  ///
  /// @return false if the kernel cannot (before Linux 6.9), if the table was made without this, or
  ///   if it is another process's: then nothing has changed
  public boolean own(String table) throws IOException {
    lock.lock();
    try {
      if (!table.equals(owned)) {
        sendLocked(NftTable.owned(table), "take the table " + table);
        owned = table;
      }
      return true;
    } catch (KernelException e) {
      if (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EPERM || e.errno() == Errno.EINVAL) {
        return false;
      }
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /// Deletes a table of the family inet. Idempotent.
  public void delete(String table) throws IOException {
    lock.lock();
    try {
      sendLocked(NftTable.deleted(table), "delete the table " + table);
      owned = table.equals(owned) ? null : owned;
    } finally {
      lock.unlock();
    }
  }

  /// Runs commands as one transaction: all of them or none. Meanwhile the table that was taken
  /// belongs to nobody: nft(8) is another process.
  ///
  /// @return what listing commands print
  /// @throws IOException with nft's own words
  public String run(String commands) throws IOException {
    lock.lock();
    try {
      letGo();
      return program.run(List.of("-f", "-"), commands);
    } finally {
      takeAgain();
      lock.unlock();
    }
  }

  /// A table belongs to the socket that took it.
  private void letGo() throws IOException {
    if (owned != null) {
      NetlinkSocket fresh = new NetlinkSocket(NetlinkSocket.NETFILTER);
      socket.close();
      socket = fresh;
    }
  }

  private void takeAgain() {
    String table = owned;
    owned = null;
    try {
      if (table != null && own(table)) {
        LOG.log(System.Logger.Level.TRACE, "took the table {0} again", table);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the table " + table + " belongs to nobody", e);
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
      sendLocked(transaction, subject);
    } finally {
      lock.unlock();
    }
  }

  private void sendLocked(ByteBuffer transaction, String subject) throws IOException {
    socket.send(transaction);
    KernelException failed = null;
    for (List<NetlinkReply> replies = socket.poll(); !replies.isEmpty(); replies = socket.poll()) {
      for (NetlinkReply reply : replies) {
        KernelException refusal = reply.refusal(subject);
        failed = failed == null ? refusal : failed;
      }
    }
    if (failed != null) {
      throw failed;
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
