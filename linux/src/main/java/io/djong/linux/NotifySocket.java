package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Tells a service manager about this process (sd_notify(3)). Safe for use by several threads.
public final class NotifySocket {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int PATH_OFFSET = 2;

  private NotifySocket() {}

  /// Sends one message, `READY=1` say, without waiting for anything.
  ///
  /// @param address what `$NOTIFY_SOCKET` holds: a path, or an abstract name behind `@`
  /// @throws KernelException if nobody listens there, or its queue is full
  public static void send(String address, String message) throws IOException {
    byte[] name = address.getBytes(StandardCharsets.UTF_8);
    if (name.length > 0 && name[0] == '@') {
      name[0] = 0;
    }
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    int type = SOCK_DGRAM | ProcessCalls.O_CLOEXEC | ProcessCalls.O_NONBLOCK;
    int socket =
        ProcessCalls.check("socket", ProcessCalls.call(ProcessCalls.SOCKET, AF_UNIX, type, 0));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(PATH_OFFSET + (long) name.length, 2);
      to.set(Libc.SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, to, Libc.BYTE, PATH_OFFSET, name.length);
      MemorySegment bytes = arena.allocate(text.length + 1L);
      MemorySegment.copy(text, 0, bytes, Libc.BYTE, 0, text.length);
      ProcessCalls.check(
          "notifying \"" + address + "\"",
          ProcessCalls.call(
              ProcessCalls.SENDTO,
              socket,
              bytes.address(),
              text.length,
              0,
              to.address(),
              to.byteSize()));
    } finally {
      ProcessCalls.close(socket);
    }
  }
}
