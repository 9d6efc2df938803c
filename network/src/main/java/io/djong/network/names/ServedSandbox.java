package io.djong.network.names;

import io.djong.model.Exempt;
import io.djong.network.Cidr;
import io.djong.network.Names;
import io.djong.network.names.Replies.Outcome;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.Semaphore;

/// The two sockets of one container. Its own threads read them until it is closed.
@Exempt(from = Exempt.Rule.SOCKETS, because = "DNS is no HTTP, and these are another namespace's")
final class ServedSandbox implements Closeable {
  private static final System.Logger LOG = System.getLogger(ServedSandbox.class.getName());
  static final InetAddress ADDRESS = Cidr.parseAddress("127.0.0.11");

  /// Below the ports that the kernel gives to clients, and nobody's by IANA.
  private static final int USUAL_PORT = 29_053;

  /// Longer queries are nobody's.
  private static final int LONGEST = 4096;

  private static final int STREAMS = 64;
  private static final int IDLE = 10_000;

  private final Names names;
  private final Replies replies;
  private final Forwarder forwarder;
  private final DatagramChannel datagrams;
  private final ServerSocket streams;
  private final Semaphore room = new Semaphore(STREAMS);

  private ServedSandbox(
      Names names,
      Replies replies,
      Forwarder forwarder,
      DatagramChannel datagrams,
      ServerSocket streams) {
    this.names = names;
    this.replies = replies;
    this.forwarder = forwarder;
    this.datagrams = datagrams;
    this.streams = streams;
  }

  /// Opens the sockets in the namespace of the calling thread.
  static ServedSandbox open(Names names, Replies replies, Forwarder forwarder) throws IOException {
    DatagramChannel datagrams = DatagramChannel.open(java.net.StandardProtocolFamily.INET);
    boolean opened = false;
    ServerSocket streams = new ServerSocket();
    try {
      bind(datagrams);
      bind(streams);
      opened = true;
      return new ServedSandbox(names, replies, forwarder, datagrams, streams);
    } finally {
      if (!opened) {
        datagrams.close();
        streams.close();
      }
    }
  }

  private static void bind(DatagramChannel socket) throws IOException {
    try {
      socket.bind(new InetSocketAddress(ADDRESS, USUAL_PORT));
    } catch (BindException e) { // The container was there first.
      socket.bind(new InetSocketAddress(ADDRESS, 0));
    }
  }

  private static void bind(ServerSocket socket) throws IOException {
    try {
      socket.bind(new InetSocketAddress(ADDRESS, USUAL_PORT), STREAMS);
    } catch (BindException e) { // The container was there first.
      socket.bind(new InetSocketAddress(ADDRESS, 0), STREAMS);
    }
  }

  int datagramPort() throws IllegalStateException {
    return datagrams.socket().getLocalPort();
  }

  int streamPort() {
    return streams.getLocalPort();
  }

  void start(String key) {
    Thread.ofVirtual().name("names of " + key + " by datagram").start(this::readDatagrams);
    Thread.ofVirtual().name("names of " + key + " by stream").start(this::acceptStreams);
  }

  private void readDatagrams() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST);
    while (datagrams.isOpen()) {
      try {
        buffer.clear();
        SocketAddress asker = datagrams.receive(buffer);
        byte[] packet = new byte[buffer.flip().remaining()];
        buffer.get(packet);
        if (asker != null) {
          answer(packet, asker);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "a query was not answered", e);
      }
    }
  }

  private void answer(byte[] packet, SocketAddress asker) throws IOException {
    switch (replies.to(packet, names)) {
      case Outcome.Silence _ -> {}
      case Outcome.Reply reply -> send(packet, reply.bytes(), asker);
      case Outcome.Forward forward ->
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      send(packet, forwarder.ask(forward.query(), names.servers(), false), asker);
                    } catch (IOException e) {
                      LOG.log(System.Logger.Level.DEBUG, "an answer was not sent", e);
                    }
                  });
    }
  }

  private void send(byte[] packet, byte[] reply, SocketAddress asker) throws IOException {
    int sent = datagrams.send(ByteBuffer.wrap(Replies.datagram(packet, reply)), asker);
    if (sent == 0) {
      LOG.log(System.Logger.Level.DEBUG, "an answer found no room");
    }
  }

  private void acceptStreams() {
    while (!streams.isClosed()) {
      try {
        Socket asker = streams.accept();
        if (room.tryAcquire()) {
          Thread.ofVirtual().start(() -> serve(asker));
        } else {
          asker.close();
        }
      } catch (IOException e) {
        if (!streams.isClosed()) {
          LOG.log(System.Logger.Level.DEBUG, "a connection was not accepted", e);
        }
      }
    }
  }

  private void serve(Socket asker) {
    try (asker) {
      asker.setSoTimeout(IDLE);
      DataInputStream in = new DataInputStream(asker.getInputStream());
      OutputStream out = asker.getOutputStream();
      while (true) {
        byte[] packet = new byte[in.readUnsignedShort()];
        in.readFully(packet);
        byte[] reply =
            switch (replies.to(packet, names)) {
              case Outcome.Silence _ -> new byte[0];
              case Outcome.Reply local -> local.bytes();
              case Outcome.Forward forward -> forwarder.ask(forward.query(), names.servers(), true);
            };
        if (reply.length == 0) {
          return;
        }
        out.write(
            ByteBuffer.allocate(2 + reply.length)
                .putShort((short) reply.length)
                .put(reply)
                .array());
      }
    } catch (IOException e) { // The asker has gone, or said nothing for long.
      LOG.log(System.Logger.Level.TRACE, "a connection ended", e);
    } finally {
      room.release();
    }
  }

  @Override
  public void close() {
    try (datagrams;
        streams) {
      LOG.log(System.Logger.Level.TRACE, "names are not served any more");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing the sockets of names", e);
    }
  }
}
