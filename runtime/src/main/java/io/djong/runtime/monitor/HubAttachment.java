package io.djong.runtime.monitor;

import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Output;
import java.io.IOException;
import java.io.InterruptedIOException;
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
  private final @Nullable CatchUp rest;
  private int queued;
  private boolean behind;
  private boolean ended;
  private boolean closed;
  private boolean wrote;
  private @Nullable IOException failure;
  private @Nullable Thread writer;

  /// @param rest where it goes on when it falls behind
  HubAttachment(AttachHub hub, Duration patience, @Nullable CatchUp rest) {
    this.hub = hub;
    this.patience = patience;
    this.rest = rest;
  }

  /// Takes output for the reader; waits for room.
  void offer(Output output) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (queued >= LIMIT && takes()) {
        int before = queued;
        left = taken.awaitNanos(left);
        if (queued < before) {
          left = patience.toNanos();
        } else if (left <= 0) {
          leaveBehind();
        }
      }
      if (takes()) {
        if (rest != null) {
          rest.count(output);
        }
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

  private boolean takes() {
    return !closed && failure == null && !behind;
  }

  private void leaveBehind() {
    if (rest == null) {
      failure = new IOException("the reader of this attachment stood still and was dropped");
    } else {
      behind = true;
    }
    filled.signalAll();
    hub.leaveBehind(this);
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
        if (behind && !closed) {
          break;
        }
        if (ended || closed) {
          return null;
        }
        filled.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading a container's output");
    } finally {
      lock.unlock();
    }
    return rest == null ? null : rest.next();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the attachment is closed");
      }
      writer = Thread.currentThread();
      wrote = true;
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
  public void close() throws IOException {
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
    hub.closed(this);
    if (rest != null) {
      rest.close();
    }
    if (wrote) {
      hub.endStdin();
    }
  }
}
