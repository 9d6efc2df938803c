package io.djong.network.names;

import io.djong.network.Names;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Answers queries (RFC 1035) from what a container knows of names. No I/O. Safe for use by several
/// threads.
final class Replies {
  /// In seconds; as Docker's.
  static final int TTL = 600;

  private static final int HEADER = 12;

  /// What a datagram may carry without EDNS (RFC 1035, 4.2.1).
  static final int PLAIN = 512;

  /// What we send in one datagram at most, whatever the asker takes.
  static final int MOST = 4096;

  private final Turns turns;

  Replies(Turns turns) {
    this.turns = turns;
  }

  /// What becomes of a query.
  sealed interface Outcome {
    /// Nothing: it is no query.
    record Silence() implements Outcome {}

    final class Reply implements Outcome {
      private final byte[] bytes;

      Reply(byte[] bytes) {
        this.bytes = bytes;
      }

      byte[] bytes() {
        return bytes;
      }
    }

    /// Others are to be asked.
    record Forward(Message query) implements Outcome {}
  }

  Outcome to(byte[] packet, Names names) {
    if (packet.length < HEADER || (packet[2] & 0x80) != 0) {
      return new Outcome.Silence();
    }
    Message query;
    try {
      query = new Message(packet);
    } catch (IOException | RuntimeException e) {
      return new Outcome.Reply(refusal(packet, Rcode.FORMERR));
    }
    if (query.getHeader().getOpcode() != Opcode.QUERY) {
      return new Outcome.Reply(refusal(packet, Rcode.NOTIMP));
    }
    Record question = query.getQuestion();
    if (question == null || query.getHeader().getCount(Section.QUESTION) != 1) {
      return new Outcome.Reply(refusal(packet, Rcode.FORMERR));
    }
    return question.getDClass() == DClass.IN || question.getDClass() == DClass.ANY
        ? answer(query, question, names)
        : new Outcome.Reply(reply(query, Rcode.REFUSED, List.of()));
  }

  private Outcome answer(Message query, Record question, Names names) {
    Name asked = question.getName();
    String name = asked.toString(true).toLowerCase(Locale.ROOT);
    List<InetAddress> known = names.addresses(name);
    if (known != null) {
      return new Outcome.Reply(
          reply(query, Rcode.NOERROR, addresses(asked, name, question, known)));
    }
    InetAddress reversed = reversed(name, asked);
    if (reversed != null) {
      String owner = names.name(reversed);
      if (owner != null) {
        return new Outcome.Reply(reply(query, Rcode.NOERROR, pointer(asked, question, owner)));
      }
      if (names.isNear(reversed)) {
        return new Outcome.Reply(reply(query, Rcode.NXDOMAIN, List.of()));
      }
    }
    if (asked.labels() <= 2 && !asked.equals(Name.root)) {
      // A single label means a container or nothing; others need not learn what is looked for.
      return new Outcome.Reply(reply(query, Rcode.NXDOMAIN, List.of()));
    }
    return names.servers().isEmpty()
        ? new Outcome.Reply(reply(query, Rcode.SERVFAIL, List.of()))
        : new Outcome.Forward(query);
  }

  private List<Record> addresses(
      Name asked, String name, Record question, List<InetAddress> known) {
    List<Record> records = new ArrayList<>();
    int type = question.getType();
    for (InetAddress address : known) {
      if (address instanceof Inet4Address && (type == Type.A || type == Type.ANY)) {
        records.add(new ARecord(asked, DClass.IN, TTL, address));
      } else if (address instanceof Inet6Address && (type == Type.AAAA || type == Type.ANY)) {
        records.add(new AAAARecord(asked, DClass.IN, TTL, address));
      }
    }
    if (records.size() > 1) {
      java.util.Collections.rotate(records, -turns.next(name, type, records.size()));
    }
    return records;
  }

  private static List<Record> pointer(Name asked, Record question, String owner) {
    if (question.getType() != Type.PTR && question.getType() != Type.ANY) {
      return List.of();
    }
    try {
      return List.of(new PTRRecord(asked, DClass.IN, TTL, Name.fromString(owner + ".")));
    } catch (IOException e) { // A name that DNS cannot say.
      return List.of();
    }
  }

  private static @Nullable InetAddress reversed(String name, Name asked) {
    if (!name.endsWith(".in-addr.arpa") && !name.endsWith(".ip6.arpa")) {
      return null;
    }
    try {
      return ReverseMap.fromName(asked);
    } catch (UnknownHostException | RuntimeException e) {
      return null;
    }
  }

  private static byte[] reply(Message query, int code, List<Record> answers) {
    Message reply = new Message(query.getHeader().getID());
    Header header = reply.getHeader();
    header.setFlag(Flags.QR);
    header.setFlag(Flags.RA);
    if (query.getHeader().getFlag(Flags.RD)) {
      header.setFlag(Flags.RD);
    }
    header.setRcode(code);
    Record question = query.getQuestion();
    if (question != null) {
      reply.addRecord(question, Section.QUESTION);
    }
    answers.forEach(record -> reply.addRecord(record, Section.ANSWER));
    if (query.getOPT() != null) {
      reply.addRecord(new OPTRecord(MOST, 0, 0), Section.ADDITIONAL);
    }
    return reply.toWire(65535);
  }

  /// That others could not be asked.
  static byte[] failed(Message query) {
    return reply(query, Rcode.SERVFAIL, List.of());
  }

  /// An answer to what could not be read: the header alone.
  private static byte[] refusal(byte[] packet, int code) {
    byte[] header = new byte[HEADER];
    header[0] = packet[0];
    header[1] = packet[1];
    header[2] = (byte) (0x80 | (packet[2] & 0x79));
    header[3] = (byte) (0x80 | code);
    return header;
  }

  /// How long a datagram may be for an asker who says that he takes so much.
  static int room(int payload) {
    return Math.clamp(payload, PLAIN, MOST);
  }

  /// The reply as a datagram that the asker takes: cut to its question if it is too long.
  static byte[] datagram(byte[] packet, byte[] reply) {
    int room = PLAIN;
    try {
      OPTRecord option = new Message(packet).getOPT();
      if (option != null) {
        room = room(option.getPayloadSize());
      }
      if (reply.length <= room) {
        return reply;
      }
      Message cut = new Message(reply);
      cut.removeAllRecords(Section.ANSWER);
      cut.removeAllRecords(Section.AUTHORITY);
      cut.getHeader().setFlag(Flags.TC);
      return cut.toWire(room);
    } catch (IOException | RuntimeException e) { // The header alone is always short enough.
      return reply.length <= room ? reply : refusal(packet, Rcode.SERVFAIL);
    }
  }
}
