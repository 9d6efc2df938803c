package io.djong.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One direction of a pipe, fifo or socket. Reading and writing block the (virtual) thread alone
/// and no carrier. One thread at a time may read or write; any thread may close, and who waits then
/// gets an [AsynchronousCloseException]. An interrupted thread gets an [InterruptedIOException].
public final class DescriptorStream implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final Poller poller;
  private final int descriptor;
  private final String subject;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable MemorySegment buffer;
  private @Nullable Wait waiting;
  private boolean closed;

  /// @param descriptor non-blocking; the stream owns it from now on
  DescriptorStream(Poller poller, int descriptor, String subject) {
    this.poller = poller;
    this.descriptor = descriptor;
    this.subject = subject;
  }

  /// Reads what is there, at least one byte, or one packet.
  ///
  /// @return the number of bytes, -1 at the end
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (true) {
      Wait wait;
      lock.lock();
      try {
        MemorySegment chunk = chunk();
        long result =
            ProcessCalls.call(
                ProcessCalls.READ, descriptor, chunk.address(), Math.min(length, CHUNK));
        if (result >= 0) {
          MemorySegment.copy(chunk, Libc.BYTE, 0, bytes, offset, (int) result);
          return result == 0 ? -1 : (int) result;
        }
        wait = waitAfter("read", result, Poller.IN);
      } finally {
        lock.unlock();
      }
      await(wait);
    }
  }

  /// Waits until there is something to read, or the end.
  public void awaitInput() throws IOException {
    Wait wait;
    lock.lock();
    try {
      chunk();
      wait = waitAfter("wait for", -Errno.EAGAIN, Poller.IN);
    } finally {
      lock.unlock();
    }
    await(wait);
  }

  /// Writes all bytes; to a socket of packets, in packets of at most 64 KiB.
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      Wait wait;
      lock.lock();
      try {
        MemorySegment chunk = chunk();
        int size = Math.min(length - done, CHUNK);
        MemorySegment.copy(bytes, offset + done, chunk, Libc.BYTE, 0, size);
        long result = ProcessCalls.call(ProcessCalls.WRITE, descriptor, chunk.address(), size);
        if (result >= 0) {
          done += (int) result;
          continue;
        }
        wait = waitAfter("write", result, Poller.OUT);
      } finally {
        lock.unlock();
      }
      await(wait);
    }
  }

  /// The bytes written to a pipe or fifo that nobody has read yet.
  public int unread() throws IOException {
    lock.lock();
    try {
      chunk();
      return ProcessCalls.waiting(descriptor);
    } finally {
      lock.unlock();
    }
  }

  /// Ends one direction of a socket for both descriptors that may share it; idempotent.
  void shutdown(int how) {
    lock.lock();
    try {
      if (!closed) {
        ProcessCalls.call(ProcessCalls.SHUTDOWN, descriptor, how, 0);
      }
    } finally {
      lock.unlock();
    }
  }

  /// For handing to a child; valid while the stream is open.
  int descriptor() {
    return descriptor;
  }

  private MemorySegment chunk() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
    MemorySegment chunk = buffer;
    if (chunk == null) {
      chunk = Arena.ofAuto().allocate(CHUNK);
      buffer = chunk;
    }
    return chunk;
  }

  private record Wait(long key, CountDownLatch latch) {}

  private @Nullable Wait waitAfter(String call, long result, int events) throws KernelException {
    if (result == -Errno.EINTR) {
      return null;
    }
    if (result != -Errno.EAGAIN) {
      throw new KernelException(call + " " + subject, (int) -result);
    }
    CountDownLatch latch = new CountDownLatch(1);
    long key = poller.register(descriptor, events, latch::countDown);
    Wait wait = new Wait(key, latch);
    waiting = wait;
    return wait;
  }

  private void await(@Nullable Wait wait) throws IOException {
    if (wait == null) {
      return;
    }
    boolean interrupted = false;
    try {
      wait.latch().await();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    lock.lock();
    try {
      waiting = null;
      if (closed) {
        throw new AsynchronousCloseException();
      }
      poller.cancel(descriptor, wait.key());
    } finally {
      lock.unlock();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + subject);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      Wait wait = waiting;
      if (wait != null) {
        // Closing alone leaves it in epoll while another descriptor shares the open file.
        poller.cancel(descriptor, wait.key());
        wait.latch().countDown();
      }
      ProcessCalls.close(descriptor);
    } finally {
      lock.unlock();
    }
  }
}
