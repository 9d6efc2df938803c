package io.djong.network.names;

import io.djong.network.Names;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// Answers what nearly all containers ask, many thousand times a second: one plain question about
/// the addresses of a name that is known, or of one that can be nobody's. What it writes is what
/// [Replies] would; whatever is unusual about a query is left to that. For one thread.
final class PlainReplies {
  private static final int HEADER = 12;
  private static final int OPTION = 11;

  /// A name as text without its last dot; on the wire it has two bytes more (RFC 1035, 2.3.4).
  private static final int LONGEST_NAME = 253;

  /// The bits of a header's third byte that say it is a response, of which kind, or cut.
  private static final int UNUSUAL = 0x80 | 0x78 | 0x02;

  private static final int RESPONSE = 0x80;
  private static final int CUT = 0x02;
  private static final int RECURSION_DESIRED = 0x01;
  private static final int RECURSION_AVAILABLE = 0x80;

  private final Turns turns;
  private final byte[] reply = new byte[Replies.MOST];
  private final byte[] name = new byte[LONGEST_NAME];
  private int length;

  PlainReplies(Turns turns) {
    this.turns = turns;
  }

  /// @param size how much of `packet` was received
  /// @return the length of the datagram in [#bytes]; 0 if the query is not plain
  int to(byte[] packet, int size, Names names) {
    if (size < HEADER + 5 || (packet[2] & UNUSUAL) != 0 || !isOneQuestion(packet)) {
      return 0;
    }
    int nameEnd = readName(packet, size);
    int end = nameEnd + 4;
    if (nameEnd == 0 || end > size || number(packet, nameEnd + 2) != DClass.IN) {
      return 0;
    }
    boolean option = packet[11] == 1;
    if (option ? !isOption(packet, end, size) : size != end) {
      return 0;
    }
    int room = option ? Replies.room(number(packet, end + 3)) : Replies.PLAIN;
    // Only ASCII got this far.
    @SuppressWarnings("deprecation")
    String asked = new String(name, 0, 0, nameEnd - HEADER - 2);
    List<InetAddress> known = names.addresses(asked);
    if (known == null && asked.indexOf('.') >= 0) {
      return 0;
    }
    begin(packet, end, known == null ? Rcode.NXDOMAIN : Rcode.NOERROR);
    if (known != null && !append(known, number(packet, nameEnd), asked, room, option)) {
      length = end;
      reply[6] = 0;
      reply[7] = 0;
      reply[2] |= CUT;
    }
    if (option) {
      appendOption();
    }
    return length;
  }

  byte[] bytes() {
    return reply;
  }

  /// One question, nothing else but at most one additional record.
  private static boolean isOneQuestion(byte[] packet) {
    return number(packet, 4) == 1
        && number(packet, 6) == 0
        && number(packet, 8) == 0
        && packet[10] == 0
        && (packet[11] & ~1) == 0;
  }

  /// EDNS of version 0 without options (RFC 6891), and nothing behind it.
  private static boolean isOption(byte[] packet, int at, int size) {
    return size == at + OPTION
        && packet[at] == 0
        && number(packet, at + 1) == Type.OPT
        && number(packet, at + 5) == 0
        && number(packet, at + 9) == 0;
  }

  /// Reads the name in lower case, if it has none but the usual characters.
  ///
  /// @return where it ends in the packet; 0 if it is unusual
  private int readName(byte[] packet, int size) {
    int at = HEADER;
    int to = 0;
    while (true) {
      int label = packet[at];
      if (label == 0) {
        return to == 0 ? 0 : at + 1;
      }
      // Also what points elsewhere (RFC 1035, 4.1.4).
      if (label < 0 || label > 63 || at + label + 1 >= size || to + 1 + label > LONGEST_NAME) {
        return 0;
      }
      if (to > 0) {
        name[to++] = '.';
      }
      for (int last = at++ + label; at <= last; at++) {
        byte character = LOWER_CASE[packet[at] & 0xff];
        if (character == 0) {
          return 0;
        }
        name[to++] = character;
      }
    }
  }

  private static final byte[] LOWER_CASE = lowerCase();

  private static byte[] lowerCase() {
    byte[] lower = new byte[256];
    for (char each : "abcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
      lower[each] = (byte) each;
      lower[Character.toUpperCase(each)] = (byte) each;
    }
    return lower;
  }

  private void begin(byte[] packet, int end, int code) {
    System.arraycopy(packet, 0, reply, 0, end);
    reply[2] = (byte) (RESPONSE | (packet[2] & RECURSION_DESIRED));
    reply[3] = (byte) (RECURSION_AVAILABLE | code);
    reply[11] = 0;
    length = end;
  }

  /// @return whether all of them found room
  private boolean append(
      List<InetAddress> known, int type, String asked, int room, boolean option) {
    int count = 0;
    for (InetAddress address : known) {
      count += isOf(type, address) ? 1 : 0;
    }
    int first = count > 1 ? turns.next(asked, type, count) : 0;
    int limit = option ? room - OPTION : room;
    // Twice around: from the one whose turn it is to the last, then those before it.
    int place = 0;
    for (int round = 0; round < 2; round++) {
      for (InetAddress address : known) {
        if (isOf(type, address)) {
          if (place >= first && place < first + count && !append(address, limit)) {
            return false;
          }
          place++;
        }
      }
    }
    reply[6] = (byte) (count >> 8);
    reply[7] = (byte) count;
    return true;
  }

  private static boolean isOf(int type, InetAddress address) {
    return type == Type.ANY || type == (address instanceof Inet6Address ? Type.AAAA : Type.A);
  }

  private boolean append(InetAddress address, int limit) {
    byte[] bytes = address.getAddress();
    if (length + 12 + bytes.length > limit) {
      return false;
    }
    appendNumber(0xc000 | HEADER);
    appendNumber(address instanceof Inet6Address ? Type.AAAA : Type.A);
    appendNumber(DClass.IN);
    appendNumber(0);
    appendNumber(Replies.TTL);
    appendNumber(bytes.length);
    System.arraycopy(bytes, 0, reply, length, bytes.length);
    length += bytes.length;
    return true;
  }

  private void appendOption() {
    reply[11] = 1;
    reply[length++] = 0;
    appendNumber(Type.OPT);
    appendNumber(Replies.MOST);
    appendNumber(0);
    appendNumber(0);
    appendNumber(0);
  }

  private void appendNumber(int number) {
    reply[length++] = (byte) (number >> 8);
    reply[length++] = (byte) number;
  }

  private static int number(byte[] packet, int at) {
    return (packet[at] & 0xff) << 8 | (packet[at + 1] & 0xff);
  }
}
