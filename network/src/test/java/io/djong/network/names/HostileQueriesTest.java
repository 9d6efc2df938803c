package io.djong.network.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.network.Cidr;
import io.djong.network.Names;
import io.djong.network.names.Replies.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// 50,000 packets as somebody might send who wishes us ill: sound queries, queries with a few bytes
/// changed, cut or lengthened, and noise. Nothing throws, every answer can be read and is as short
/// as the asker wants it, and the quick way says what the thorough one does.
class HostileQueriesTest {
  private static final int ROUNDS = Integer.getInteger("djong.fuzz.rounds", 50_000);
  private static final int LONGEST = 4096;
  private static final String[] LABELS = {
    "web",
    "WEB",
    "many",
    "quay",
    "x",
    "a-b_c",
    "",
    "*",
    "example",
    "org",
    "2",
    "0",
    "192",
    "in-addr",
    "ip6",
    "arpa",
    "w\\b",
    "w.b",
    "ü",
    "f".repeat(63)
  };
  private static final int[] TYPES = {1, 28, 12, 255, 15, 41, 252, 0, 65535};

  private final Random chance = new Random(20261125);

  /// One that knows `web` and, by more addresses than fit into a datagram, `many.quay`.
  private static final class Known implements Names {
    private final List<InetAddress> web = List.of(at("192.0.2.2"), at("192.0.2.3"), at("fd00::2"));
    private final List<InetAddress> many = new ArrayList<>();

    Known() {
      for (int i = 1; i < 250; i++) {
        many.add(at("192.0.2." + i));
        many.add(at("fd00::" + i));
      }
    }

    private static InetAddress at(String address) {
      return Cidr.parseAddress(address);
    }

    @Override
    public @Nullable List<InetAddress> addresses(String name) {
      assertThat(name).isEqualTo(name.toLowerCase(java.util.Locale.ROOT));
      return switch (name) {
        case "web", "web.quay" -> web;
        case "many", "many.quay" -> many;
        default -> null;
      };
    }

    @Override
    public @Nullable String name(InetAddress address) {
      return web.contains(address) ? "web.quay" : null;
    }

    @Override
    public boolean isNear(InetAddress address) {
      return Cidr.parse("192.0.2.0/24").contains(address);
    }

    @Override
    public List<InetSocketAddress> servers() {
      return List.of(new InetSocketAddress(at("192.0.2.9"), 53));
    }
  }

  private byte[] query() {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    boolean option = chance.nextInt(3) == 0;
    packet.writeBytes(
        new byte[] {
          (byte) chance.nextInt(),
          (byte) chance.nextInt(),
          (byte) chance.nextInt(2),
          0,
          0,
          1,
          0,
          0,
          0,
          0,
          0,
          (byte) (option ? 1 : 0)
        });
    for (int labels = 1 + chance.nextInt(chance.nextInt(4) == 0 ? 7 : 2); labels > 0; labels--) {
      byte[] label = LABELS[chance.nextInt(LABELS.length)].getBytes(StandardCharsets.UTF_8);
      packet.write(label.length);
      packet.writeBytes(label);
    }
    packet.write(0);
    int type = TYPES[chance.nextInt(chance.nextInt(3) == 0 ? TYPES.length : 3)];
    packet.writeBytes(new byte[] {(byte) (type >> 8), (byte) type, 0, 1});
    if (option) {
      int payload = chance.nextInt(2) == 0 ? chance.nextInt(65536) : 1232;
      packet.writeBytes(
          new byte[] {0, 0, 41, (byte) (payload >> 8), (byte) payload, 0, 0, 0, 0, 0, 0});
    }
    return packet.toByteArray();
  }

  private byte[] packet(int round) {
    return switch (round % 4) {
      case 0 -> query();
      case 1 -> changed(query());
      case 2 -> pointing(query());
      default -> noise();
    };
  }

  private byte[] changed(byte[] packet) {
    for (int i = chance.nextInt(6); i >= 0; i--) {
      packet[chance.nextInt(packet.length)] = (byte) chance.nextInt();
    }
    return packet;
  }

  /// With a pointer at itself, backward or beyond the end; sometimes cut or lengthened.
  private byte[] pointing(byte[] packet) {
    int at = 12 + chance.nextInt(packet.length - 13);
    packet[at] = (byte) (0xc0 | (chance.nextInt(8) == 0 ? 1 : 0));
    packet[at + 1] = (byte) chance.nextInt(packet.length + 4);
    return Arrays.copyOf(packet, Math.max(0, packet.length + chance.nextInt(13) - 6));
  }

  /// Every second time with the header of a query.
  private byte[] noise() {
    byte[] noise = new byte[chance.nextInt(chance.nextInt(50) == 0 ? LONGEST : 600)];
    chance.nextBytes(noise);
    if (noise.length > 12 && chance.nextBoolean()) {
      System.arraycopy(query(), 2, noise, 2, 10);
    }
    return noise;
  }

  @Test
  void noPacketBreaksIt() throws IOException {
    Names names = new Known();
    Replies thorough = new Replies(new Turns());
    // Its turns go on with those of the quick way alone.
    Replies witness = new Replies(new Turns());
    PlainReplies plain = new PlainReplies(new Turns());
    byte[] received = new byte[LONGEST];
    int quick = 0;
    int forwarded = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] packet = packet(round);
      System.arraycopy(packet, 0, received, 0, packet.length);
      int length = plain.to(received, packet.length, names);
      Outcome outcome = thorough.to(packet, names);
      if (length > 0) {
        quick++;
        byte[] sent = Arrays.copyOf(plain.bytes(), length);
        Outcome same = witness.to(packet, names);
        assertThat(same).as("round %d", round).isInstanceOf(Outcome.Reply.class);
        byte[] other = Replies.datagram(packet, ((Outcome.Reply) same).bytes());
        assertThat(sent).as("round %d", round).isEqualTo(other);
      }
      if (outcome instanceof Outcome.Reply reply) {
        answers(packet, Replies.datagram(packet, reply.bytes()));
      }
      if (outcome instanceof Outcome.Forward forward) {
        forwarded++;
        // Two are a single one and the root; only the root itself has less.
        assertThat(forward.query().getQuestion().getName().labels()).isNotEqualTo(2);
      }
    }
    assertThat(quick).isGreaterThan(ROUNDS / 20);
    assertThat(forwarded).isGreaterThan(ROUNDS / 100);
  }

  private static void answers(byte[] packet, byte[] sent) throws IOException {
    assertThat(sent.length).isBetween(12, LONGEST);
    assertThat(sent[0]).isEqualTo(packet[0]);
    assertThat(sent[1]).isEqualTo(packet[1]);
    Message reply = new Message(sent);
    assertThat(sent[2] & 0x80).isNotZero();
    Record question = reply.getQuestion();
    if (question != null) {
      Record asked = new Message(packet).getQuestion();
      assertThat(question.getName()).isEqualTo(asked.getName());
      assertThat(question.getType()).isEqualTo(asked.getType());
    }
    if (!reply.getSection(Section.ANSWER).isEmpty()) {
      assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  @Test
  void noReplyOfAnotherServerBreaksTheCacheOrFillsTheMemory() {
    Names names = new Known();
    Replies replies = new Replies(new Turns());
    ReplyCache cache = new ReplyCache(InstantSource.system(), 100);
    int kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] reply = packet(round);
      if (replies.to(query(), names) instanceof Outcome.Reply good) {
        reply = good.bytes().clone();
        for (int i = chance.nextInt(4); i > 0; i--) {
          reply[chance.nextInt(reply.length)] = (byte) chance.nextInt();
        }
      }
      cache.keep("key " + round, reply);
      byte[] found = cache.find("key " + round, 7);
      if (found != null) {
        kept++;
        assertThat(reply.length).isLessThanOrEqualTo(LONGEST);
        assertThat(found[1]).isEqualTo((byte) 7);
      }
    }
    assertThat(cache.size()).isLessThanOrEqualTo(100);
    assertThat(kept).isGreaterThan(ROUNDS / 100);
  }
}
