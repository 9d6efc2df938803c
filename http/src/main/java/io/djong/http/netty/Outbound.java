package io.djong.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The way from writing threads to the event loop. A write waits while the channel holds as much as
/// it may (its high water mark), and throws once the client is gone.
// Closing needs no answer: the channel's end is told to its handler.
@SuppressWarnings("FutureReturnValueIgnored")
final class Outbound {
  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ChannelFutureListener watch = this::written;
  private @Nullable Throwable failure;

  Outbound(Channel channel) {
    this.channel = channel;
  }

  /// Sends at once, without waiting for room.
  void send(Object message) throws IOException {
    check();
    channel.writeAndFlush(message).addListener(watch);
  }

  /// Waits for room.
  void awaitRoom() throws IOException {
    lock.lock();
    try {
      while (failure == null && !channel.isWritable()) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing");
    } finally {
      lock.unlock();
    }
    check();
  }

  /// Sends and waits until the kernel has all of it.
  void sendAndAwait(Object message) throws IOException {
    check();
    ChannelFuture sent = channel.writeAndFlush(message).addListener(watch);
    lock.lock();
    try {
      while (failure == null && !sent.isDone()) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing");
    } finally {
      lock.unlock();
    }
    check();
  }

  /// Something about the channel changed: whoever waits looks again.
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// From now on every write throws.
  void fail(Throwable cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void check() throws IOException {
    lock.lock();
    try {
      if (failure != null) {
        throw new IOException("writing to the client: " + failure.getMessage(), failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private void written(ChannelFuture done) {
    Throwable cause = done.cause();
    if (cause == null) {
      wake();
    } else {
      fail(cause);
      channel.close();
    }
  }
}
