package io.djong.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The packet filter of the network namespace in which this was opened: text by the program nft(8),
/// for what is rare, elements of sets by netlink, for what is done all the time. Safe for use by
/// several threads.
public final class Nftables implements AutoCloseable {
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/nft"), Path.of("/sbin/nft"), Path.of("/usr/local/sbin/nft"));

  private final ReentrantLock lock = new ReentrantLock();
  private final String program;
  private final NetlinkSocket socket;

  private Nftables(String program, NetlinkSocket socket) {
    this.program = program;
    this.socket = socket;
  }

  /// @throws IOException if nft is not installed
  public static Nftables open() throws IOException {
    for (Path program : PROGRAMS) {
      if (Files.isExecutable(program)) {
        return new Nftables(program.toString(), new NetlinkSocket(NetlinkSocket.NETFILTER));
      }
    }
    throw new IOException(
        "nft is in none of " + PROGRAMS + ": install the package nftables of your distribution");
  }

  /// Runs commands as one transaction: all of them or none.
  ///
  /// @return what listing commands print
  /// @throws IOException with nft's own words
  public String run(String commands) throws IOException {
    lock.lock();
    try {
      Process process = new ProcessBuilder(program, "-f", "-").redirectErrorStream(true).start();
      // It reads all before it says a word, so neither side can wait for the other.
      try (OutputStream input = process.getOutputStream()) {
        input.write(commands.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.onExit().join().exitValue() != 0) {
        throw new IOException("nft: " + output.strip());
      }
      return output;
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
