package io.djong.network.names;

import io.djong.model.Exempt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/// Reads and answers the datagrams of all containers, a few of each in turn, on one thread: what
/// they ask is answered sooner than another thread would be awake, and nothing is allocated for it.
/// Safe for use by several threads.
@Exempt(from = Exempt.Rule.PLATFORM_THREADS, because = "it waits in the kernel, and is one")
final class DatagramLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DatagramLoop.class.getName());

  private final Selector selector;
  private final Buffers buffers;

  /// What the loop's thread works with.
  static final class Buffers {
    private final ByteBuffer received = ByteBuffer.allocateDirect(ServedSandbox.LONGEST);
    private final ByteBuffer sent = ByteBuffer.allocateDirect(Replies.MOST);
    private final byte[] packet = new byte[ServedSandbox.LONGEST];
    private final PlainReplies plain;

    Buffers(PlainReplies plain) {
      this.plain = plain;
    }

    ByteBuffer received() {
      return received;
    }

    ByteBuffer sent() {
      return sent;
    }

    byte[] packet() {
      return packet;
    }

    PlainReplies plain() {
      return plain;
    }
  }

  private DatagramLoop(Selector selector, PlainReplies plain) {
    this.selector = selector;
    this.buffers = new Buffers(plain);
  }

  static DatagramLoop start(PlainReplies plain) throws IOException {
    DatagramLoop loop = new DatagramLoop(Selector.open(), plain);
    Thread.ofPlatform().daemon().name("djong-names").start(loop::run);
    return loop;
  }

  /// Serves the sandbox's datagrams until their socket is closed.
  void add(ServedSandbox sandbox) throws IOException {
    sandbox.datagrams().register(selector, SelectionKey.OP_READ, sandbox);
    selector.wakeup();
  }

  /// Lets go of sockets that were closed: until then the kernel keeps them.
  void forget() {
    selector.wakeup();
  }

  private void run() {
    while (selector.isOpen()) {
      try {
        selector.select(this::answer);
      } catch (ClosedSelectorException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "waiting for queries", e);
      }
    }
  }

  private void answer(SelectionKey key) {
    if (key.attachment() instanceof ServedSandbox sandbox) {
      sandbox.answerDatagrams(buffers);
    }
  }

  /// The thread ends soon.
  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing the loop of names", e);
    }
  }
}
