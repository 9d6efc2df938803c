package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A connected unix socket that keeps packets apart (`SOCK_SEQPACKET`, unix(7)). One thread may
/// read while another writes.
public final class PacketSocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SHUT_WR = 1;
  private static final int PATH_OFFSET = 2;
  private static final int PATH_MAX = 107;

  private final DescriptorStream input;
  private final DescriptorStream output;

  private PacketSocket(DescriptorStream input, DescriptorStream output) {
    this.input = input;
    this.output = output;
  }

  /// Connects to a listening socket; a path of any length will do.
  ///
  /// @throws KernelException `ENOENT` or `ECONNREFUSED` if nobody listens, `EAGAIN` if too many
  ///   wait
  public static PacketSocket connect(Poller poller, Path path) throws IOException {
    int flags = SOCK_SEQPACKET | ProcessCalls.O_CLOEXEC | ProcessCalls.O_NONBLOCK;
    int socket =
        ProcessCalls.check("socket", ProcessCalls.call(ProcessCalls.SOCKET, AF_UNIX, flags, 0));
    try {
      connect(socket, path);
      // A descriptor waits in epoll for one thing at a time, so each direction has its own.
      int second = ProcessCalls.duplicate(socket, 0);
      String subject = "socket \"" + path + "\"";
      return new PacketSocket(
          new DescriptorStream(poller, socket, subject),
          new DescriptorStream(poller, second, subject));
    } catch (IOException e) {
      ProcessCalls.close(socket);
      throw e;
    }
  }

  private static void connect(int socket, Path path) throws IOException {
    byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= PATH_MAX) {
      connect(socket, path, bytes);
      return;
    }
    int folder =
        ProcessCalls.open(
            path.toAbsolutePath().resolveSibling(".").toString(), ProcessCalls.O_PATH);
    try {
      String shorter = "/proc/self/fd/" + folder + "/" + path.getFileName();
      connect(socket, path, shorter.getBytes(StandardCharsets.UTF_8));
    } finally {
      ProcessCalls.close(folder);
    }
  }

  private static void connect(int socket, Path subject, byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(PATH_OFFSET + path.length + 1L, 2);
      address.set(Libc.SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, address, Libc.BYTE, PATH_OFFSET, path.length);
      ProcessCalls.check(
          "connect \"" + subject + "\"",
          ProcessCalls.call(ProcessCalls.CONNECT, socket, address.address(), address.byteSize()));
    }
  }

  /// Reads one packet; what does not fit is lost.
  ///
  /// @return its length, -1 at the end
  public int receive(byte[] bytes) throws IOException {
    return input.read(bytes, 0, bytes.length);
  }

  /// Sends bytes as packets of at most `packet` bytes.
  public void send(byte[] bytes, int offset, int length, int packet) throws IOException {
    for (int done = 0; done < length; done += packet) {
      output.write(bytes, offset + done, Math.min(packet, length - done));
    }
  }

  /// Tells the peer that nothing more comes; idempotent.
  public void shutdownOutput() {
    output.shutdown(SHUT_WR);
  }

  @Override
  public void close() {
    input.close();
    output.close();
  }
}
