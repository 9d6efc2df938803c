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
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.xbill.DNS.Message;

/// The two sockets of one container, until it is closed. Datagrams are read by a [DatagramLoop],
/// connections by threads of its own.
@Exempt(from = Exempt.Rule.SOCKETS, because = "DNS is no HTTP, and these are another namespace's")
final class ServedSandbox implements Closeable {
  private static final System.Logger LOG = System.getLogger(ServedSandbox.class.getName());
  static final InetAddress ADDRESS = Cidr.parseAddress("127.0.0.11");

  /// Below the ports that the kernel gives to clients, and nobody's by IANA.
  private static final int USUAL_PORT = 29_053;

  /// Longer queries are nobody's.
  static final int LONGEST = 4096;

  private static final int STREAMS = 64;

  /// How many questions to others may be on their way, and how many datagrams are read before other
  /// containers have their turn: whoever floods us makes nobody wait but himself.
  private static final int FORWARDED = 128;

  private static final int BURST = 64;
  private static final int IDLE = 10_000;

  private final Names names;
  private final Replies replies;
  private final Forwarder forwarder;
  private final DatagramChannel datagrams;
  private final ServerSocket streams;
  private final Semaphore room = new Semaphore(STREAMS);
  private final Semaphore forwarding = new Semaphore(FORWARDED);

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
      datagrams.configureBlocking(false);
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

  DatagramChannel datagrams() {
    return datagrams;
  }

  void start(String key) {
    Thread.ofVirtual().name("names of " + key + " by stream").start(this::acceptStreams);
  }

  /// Answers the datagrams that are there, at most so many. Does not block.
  void answerDatagrams(DatagramLoop.Buffers buffers) {
    try {
      for (int i = 0; i < BURST; i++) {
        ByteBuffer received = buffers.received().clear();
        SocketAddress asker = datagrams.receive(received);
        if (asker == null) {
          return;
        }
        byte[] packet = buffers.packet();
        int size = received.position();
        received.get(0, packet, 0, size);
        int length = buffers.plain().to(packet, size, names);
        if (length > 0) {
          send(buffers.sent().clear().put(buffers.plain().bytes(), 0, length).flip(), asker);
        } else {
          answer(Arrays.copyOf(packet, size), asker);
        }
      }
    } catch (ClosedChannelException e) {
      LOG.log(System.Logger.Level.TRACE, "names are not served any more", e);
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "a query was not answered", e);
    }
  }

  private void answer(byte[] packet, SocketAddress asker) throws IOException {
    switch (replies.to(packet, names)) {
      case Outcome.Silence _ -> {}
      case Outcome.Reply reply -> send(packet, reply.bytes(), asker);
      case Outcome.Forward forward when forwarding.tryAcquire() ->
          Thread.ofVirtual().start(() -> forward(packet, forward.query(), asker));
      case Outcome.Forward forward -> send(packet, Replies.failed(forward.query()), asker);
    }
  }

  private void forward(byte[] packet, Message query, SocketAddress asker) {
    try {
      send(packet, forwarder.ask(query, names.servers(), false), asker);
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "an answer was not sent", e);
    } finally {
      forwarding.release();
    }
  }

  private void send(byte[] packet, byte[] reply, SocketAddress asker) throws IOException {
    send(ByteBuffer.wrap(Replies.datagram(packet, reply)), asker);
  }

  private void send(ByteBuffer datagram, SocketAddress asker) throws IOException {
    if (datagrams.send(datagram, asker) == 0) {
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
        int length = in.readUnsignedShort();
        if (length > LONGEST) {
          return;
        }
        byte[] packet = new byte[length];
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
