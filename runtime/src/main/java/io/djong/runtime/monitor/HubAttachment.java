package io.djong.runtime.monitor;

import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Output;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One client of an [AttachHub]. It keeps up to 1 MiB for its reader; a reader that is slower holds
/// the process up, as a pipe would, and one that takes nothing for as long as the hub's patience is
/// dropped, so that a reader who stands still stops no container.
final class HubAttachment implements Attachment {
  private static final int LIMIT = 1 << 20;

  private final AttachHub hub;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition taken = lock.newCondition();
  private final Deque<Output> queue = new ArrayDeque<>();
  private int queued;
  private boolean ended;
  private boolean closed;
  private @Nullable IOException failure;
  private @Nullable Thread writer;

  HubAttachment(AttachHub hub, Duration patience) {
    this.hub = hub;
    this.patience = patience;
  }

  /// Takes output for the reader; waits for room.
  void offer(Output output) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (queued >= LIMIT && !closed && failure == null) {
        int before = queued;
        left = taken.awaitNanos(left);
        if (queued < before) {
          left = patience.toNanos();
        } else if (left <= 0) {
          failure = new IOException("the reader of this attachment stood still and was dropped");
          hub.remove(this);
        }
      }
      if (!closed && failure == null) {
        queue.add(output);
        queued += output.bytes().length;
        filled.signal();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  void fail(IOException cause) {
    lock.lock();
    try {
      failure = cause;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable Output read() throws IOException {
    lock.lock();
    try {
      while (true) {
        Output output = queue.poll();
        if (output != null) {
          queued -= output.bytes().length;
          taken.signal();
          return output;
        }
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        if (ended || closed) {
          return null;
        }
        filled.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while reading a container's output");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the attachment is closed");
      }
      writer = Thread.currentThread();
    } finally {
      lock.unlock();
    }
    try {
      hub.send(bytes, offset, length);
    } finally {
      lock.lock();
      try {
        writer = null;
        if (closed) {
          // Only close() interrupts it while it is known as the writer.
          Thread.interrupted();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void closeStdin() {
    hub.endStdin();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      Thread writing = writer;
      if (writing != null) {
        writing.interrupt();
      }
      filled.signalAll();
      taken.signalAll();
    } finally {
      lock.unlock();
    }
    hub.remove(this);
  }
}
