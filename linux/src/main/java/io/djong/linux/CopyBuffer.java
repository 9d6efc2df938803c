package io.djong.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Memory through which bytes go between arrays and the kernel. It is used again by whoever comes
/// next, since to get so much from the system costs more than the call that it is for. There are as
/// many as there ever were calls at once, and these hold their threads.
final class CopyBuffer implements AutoCloseable {
  static final int SIZE = 1 << 17;

  private static final ConcurrentLinkedQueue<MemorySegment> FREE = new ConcurrentLinkedQueue<>();

  final MemorySegment bytes;

  CopyBuffer() {
    MemorySegment free = FREE.poll();
    this.bytes = free == null ? Arena.global().allocate(SIZE, Long.BYTES) : free;
  }

  @Override
  public void close() {
    FREE.add(bytes);
  }
}
