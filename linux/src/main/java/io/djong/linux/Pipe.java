package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A pipe between us and a child made by [Spawn], both ends closed on exec. The child's end blocks,
/// ours waits in the poller. Who opens it closes both ends; ours may be closed alone.
///
/// @param output what is written here …
/// @param input … is read here
public record Pipe(DescriptorStream input, DescriptorStream output) implements AutoCloseable {
  private static final int F_SETFL = 4;

  /// A pipe that the child writes and we read.
  public static Pipe fromChild(Poller poller) throws IOException {
    return open(poller, 0);
  }

  /// A pipe that we write and the child reads.
  public static Pipe toChild(Poller poller) throws IOException {
    return open(poller, 1);
  }

  private static Pipe open(Poller poller, int ours) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      int flags = ProcessCalls.O_CLOEXEC;
      ProcessCalls.check("pipe2", ProcessCalls.call(ProcessCalls.PIPE2, ends.address(), flags, 0));
      ProcessCalls.call(
          ProcessCalls.FCNTL, ends.getAtIndex(Libc.INT, ours), F_SETFL, ProcessCalls.O_NONBLOCK);
      return new Pipe(
          new DescriptorStream(poller, ends.getAtIndex(Libc.INT, 0), "pipe"),
          new DescriptorStream(poller, ends.getAtIndex(Libc.INT, 1), "pipe"));
    }
  }

  @Override
  public void close() {
    input.close();
    output.close();
  }
}
