package io.djong.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The flows of IPv4 that the kernel tracks (`linux/netfilter/nfnetlink_conntrack.h`) in the
/// network namespace in which this was opened. A flow keeps the addresses it was given at its first
/// packet, so one without an end, as those of UDP, outlives the rules it followed. Safe for use by
/// several threads.
public final class TrackedFlows implements AutoCloseable {
  public static final int UDP = 17;

  private static final short GET = (1 << 8) | 1;
  private static final short DELETE = (1 << 8) | 2;
  private static final short REQUEST_DUMP = 0x301;
  private static final short REQUEST_ACK = 0x5;
  private static final byte AF_INET = 2;
  private static final int NESTED = 0x8000;
  private static final int BODY = 20;
  private static final int ORIGINAL = 1;
  private static final int REPLY = 2;
  private static final int ADDRESSES = 1;
  private static final int PROTOCOL = 2;
  private static final int SOURCE = 1;
  private static final int DESTINATION = 2;
  private static final int NUMBER = 1;
  private static final int SOURCE_PORT = 2;
  private static final int DESTINATION_PORT = 3;

  private final ReentrantLock lock = new ReentrantLock();
  private final NetlinkSocket socket;

  /// @param to whom the first packet was for
  /// @param answering who answers: another than `to` if the flow was led elsewhere
  public record Flow(
      int protocol, InetAddress to, int toPort, InetAddress answering, int answeringPort) {}

  private record Tracked(Flow flow, NetlinkReply reply) {}

  private TrackedFlows(NetlinkSocket socket) {
    this.socket = socket;
  }

  public static TrackedFlows open() throws IOException {
    return new TrackedFlows(new NetlinkSocket(NetlinkSocket.NETFILTER));
  }

  /// Forgets flows: their next packet is judged as a first one. Takes time in proportion to all
  /// flows of the host.
  public void forget(Predicate<Flow> which) throws IOException {
    lock.lock();
    try {
      for (Tracked tracked : list()) {
        if (which.test(tracked.flow())) {
          forget(tracked);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      socket.close();
    } finally {
      lock.unlock();
    }
  }

  private List<Tracked> list() throws IOException {
    NetlinkBuffer request = new NetlinkBuffer();
    request.begin(GET, REQUEST_DUMP, 0);
    request.raw(AF_INET, (byte) 0);
    request.raw((short) 0);
    request.end();
    socket.send(request.flipped());
    List<Tracked> all = new ArrayList<>();
    while (true) {
      for (NetlinkReply reply : socket.receive()) {
        if (reply.isDone()) {
          return all;
        }
        KernelException refusal = reply.refusal("list tracked flows");
        if (refusal != null) {
          throw refusal;
        }
        Tracked tracked = tracked(reply);
        if (tracked != null) {
          all.add(tracked);
        }
      }
    }
  }

  private void forget(Tracked tracked) throws IOException {
    byte[] original = tracked.reply().attribute(BODY, ORIGINAL);
    if (original == null) {
      return;
    }
    NetlinkBuffer request = new NetlinkBuffer();
    request.begin(DELETE, REQUEST_ACK, 0);
    request.raw(AF_INET, (byte) 0);
    request.raw((short) 0);
    request.bytes(ORIGINAL | NESTED, original);
    request.end();
    socket.send(request.flipped());
    KernelException refusal = socket.receive().getFirst().refusal("forget tracked flow");
    // It ended by itself meanwhile.
    if (refusal != null && refusal.errno() != Errno.ENOENT) {
      throw refusal;
    }
  }

  private static @Nullable Tracked tracked(NetlinkReply reply) {
    byte[] original = reply.attribute(BODY, ORIGINAL);
    byte[] answer = reply.attribute(BODY, REPLY);
    if (original == null || answer == null) {
      return null;
    }
    byte[] protocol = inside(original, PROTOCOL, NUMBER);
    byte[] to = inside(original, ADDRESSES, DESTINATION);
    byte[] toPort = inside(original, PROTOCOL, DESTINATION_PORT);
    byte[] answering = inside(answer, ADDRESSES, SOURCE);
    byte[] answeringPort = inside(answer, PROTOCOL, SOURCE_PORT);
    if (protocol == null
        || to == null
        || toPort == null
        || answering == null
        || answeringPort == null) {
      return null;
    }
    return new Tracked(
        new Flow(protocol[0] & 0xff, inet(to), port(toPort), inet(answering), port(answeringPort)),
        reply);
  }

  private static byte @Nullable [] inside(byte[] tuple, int group, int type) {
    byte[] attributes = attribute(tuple, group);
    return attributes == null ? null : attribute(attributes, type);
  }

  private static byte @Nullable [] attribute(byte[] attributes, int type) {
    return new NetlinkReply(ByteBuffer.wrap(attributes).order(ByteOrder.nativeOrder()))
        .attribute(0, type);
  }

  private static int port(byte[] bytes) {
    return ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
  }

  private static InetAddress inet(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the kernel gave an address of a wrong length", e);
    }
  }
}
