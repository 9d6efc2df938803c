package io.djong.network.names;

import io.djong.model.Exempt;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/// Asks other name servers, from the host's network, and remembers what they said. An answer counts
/// only if it comes from whom was asked, by the same number, about the same question. Safe for use
/// by several threads; each question blocks its own.
@Exempt(from = Exempt.Rule.SOCKETS, because = "DNS is no HTTP, and these are questions of a packet")
final class Forwarder {
  private static final int PATIENCE = 2000;
  private static final int LONGEST = 65535;
  private static final int HEADER = 12;

  /// How many questions may be on their way.
  private static final int MOST = 512;

  private final Semaphore room = new Semaphore(MOST);
  private final SecureRandom random = new SecureRandom();
  private final ReplyCache cache;

  Forwarder(ReplyCache cache) {
    this.cache = cache;
  }

  /// @param byStream whether the asker came by TCP, so that any length will do
  /// @return the reply with the query's own number; that it failed, if nobody answers
  byte[] ask(Message query, List<InetSocketAddress> servers, boolean byStream) {
    String key = key(query, servers, byStream);
    byte[] known = cache.find(key, query.getHeader().getID());
    if (known != null) {
      return known;
    }
    if (!room.tryAcquire()) {
      return Replies.failed(query);
    }
    try {
      byte[] reply = askAll(query, servers, byStream);
      if (reply == null) {
        return Replies.failed(query);
      }
      cache.keep(key, reply);
      return withNumber(reply, query.getHeader().getID());
    } finally {
      room.release();
    }
  }

  private static String key(Message query, List<InetSocketAddress> servers, boolean byStream) {
    Record question = query.getQuestion();
    return question.getName().toString().toLowerCase(Locale.ROOT)
        + ' '
        + question.getType()
        + ' '
        + question.getDClass()
        + ' '
        + query.getHeader().getFlag(Flags.RD)
        + query.getHeader().getFlag(Flags.CD)
        + query.getHeader().getFlag(Flags.AD)
        + (query.getOPT() == null ? "" : " E" + query.getOPT().getFlags())
        + (byStream ? " S " : " D ")
        + servers;
  }

  /// The first usable reply; one that says it failed only if there is none better.
  private byte @Nullable [] askAll(
      Message query, List<InetSocketAddress> servers, boolean byStream) {
    byte[] worst = null;
    for (InetSocketAddress server : servers) {
      int number = random.nextInt(1 << 16);
      byte[] packet = withNumber(query.toWire(), number);
      try {
        byte[] reply =
            byStream ? askByStream(packet, server) : askByDatagram(packet, number, query, server);
        if (isReply(reply, number, query)) {
          if ((reply[3] & 0xf) != Rcode.SERVFAIL && (reply[3] & 0xf) != Rcode.REFUSED) {
            return reply;
          }
          worst = reply;
        }
      } catch (IOException e) {
        System.getLogger(Forwarder.class.getName())
            .log(System.Logger.Level.DEBUG, "name server " + server + " did not answer", e);
      }
    }
    return worst;
  }

  private static byte[] askByDatagram(
      byte[] packet, int number, Message query, InetSocketAddress server) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.send(new DatagramPacket(packet, packet.length));
      byte[] buffer = new byte[LONGEST];
      long deadline = System.nanoTime() + PATIENCE * 1_000_000L;
      while (true) {
        long left = (deadline - System.nanoTime()) / 1_000_000L;
        if (left <= 0) {
          throw new IOException("no answer in time");
        }
        socket.setSoTimeout((int) left);
        DatagramPacket received = new DatagramPacket(buffer, buffer.length);
        socket.receive(received);
        byte[] reply = java.util.Arrays.copyOf(buffer, received.getLength());
        // What does not fit may be somebody's guess: the true one may still come.
        if (isReply(reply, number, query)) {
          return reply;
        }
      }
    }
  }

  private static byte[] askByStream(byte[] packet, InetSocketAddress server) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, PATIENCE);
      socket.setSoTimeout(PATIENCE);
      OutputStream out = socket.getOutputStream();
      out.write(
          ByteBuffer.allocate(2 + packet.length)
              .putShort((short) packet.length)
              .put(packet)
              .array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] reply = new byte[in.readUnsignedShort()];
      in.readFully(reply);
      return reply;
    }
  }

  private static boolean isReply(byte[] reply, int number, Message query) {
    if (reply.length < HEADER
        || (reply[2] & 0x80) == 0
        || ((reply[0] & 0xff) << 8 | (reply[1] & 0xff)) != number) {
      return false;
    }
    try {
      Record question = new Message(reply).getQuestion();
      return question != null
          && question.getType() == query.getQuestion().getType()
          && question.getDClass() == query.getQuestion().getDClass()
          && question.getName().equals(query.getQuestion().getName());
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static byte[] withNumber(byte[] packet, int number) {
    byte[] changed = packet.clone();
    changed[0] = (byte) (number >> 8);
    changed[1] = (byte) number;
    return changed;
  }
}
