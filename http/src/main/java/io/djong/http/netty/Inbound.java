package io.djong.http.netty;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Bytes on their way from the event loop to a reading thread. Holds about [#ROOM] bytes: the
/// connection does not read from its socket while there are more.
final class Inbound extends InputStream {
  static final int ROOM = 64 << 10;

  /// Asks the client for its body.
  interface Demand {
    void ask() throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(4);
  private final Runnable roomAgain;
  private @Nullable Demand firstRead;
  private int held;
  private boolean ended;
  private boolean discarding;
  private @Nullable IOException failure;

  /// @param roomAgain run when there is room after there was none
  /// @param firstRead run before the first read that has to wait, if it does
  Inbound(Runnable roomAgain, @Nullable Demand firstRead) {
    this.roomAgain = roomAgain;
    this.firstRead = firstRead;
  }

  /// Takes the buffer over.
  void add(ByteBuf part) {
    lock.lock();
    try {
      if (discarding || failure != null || !part.isReadable()) {
        part.release();
        return;
      }
      parts.add(part);
      held += part.readableBytes();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// No more bytes follow.
  void end() {
    lock.lock();
    try {
      ended = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Makes reads throw once the bytes that are here are read. Without effect after the end.
  void fail(IOException cause) {
    lock.lock();
    try {
      if (!ended && failure == null) {
        failure = cause;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Drops what is here and what is still to come.
  void discard() {
    lock.lock();
    try {
      discarding = true;
      held = 0;
      parts.forEach(ByteBuf::release);
      parts.clear();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    roomAgain.run();
  }

  /// Whether all bytes have come, read or not.
  boolean complete() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  boolean hasRoom() {
    lock.lock();
    try {
      return held < ROOM;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    int taken = 0;
    boolean room;
    lock.lock();
    try {
      if (!await()) {
        return -1;
      }
      boolean full = held >= ROOM;
      while (taken < length && !parts.isEmpty()) {
        ByteBuf part = parts.getFirst();
        int some = Math.min(length - taken, part.readableBytes());
        part.readBytes(into, offset + taken, some);
        taken += some;
        held -= some;
        if (!part.isReadable()) {
          parts.removeFirst().release();
        }
      }
      room = full && held < ROOM;
    } finally {
      lock.unlock();
    }
    if (room) {
      roomAgain.run();
    }
    return taken;
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  /// What was not read is dropped.
  @Override
  public void close() {
    discard();
  }

  // False at the end.
  private boolean await() throws IOException {
    while (parts.isEmpty()) {
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure);
      }
      if (ended || discarding) {
        return false;
      }
      Demand first = firstRead;
      firstRead = null;
      if (first != null) {
        first.ask();
      }
      try {
        arrived.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while reading");
      }
    }
    return true;
  }
}
