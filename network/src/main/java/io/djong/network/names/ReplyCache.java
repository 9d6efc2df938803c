package io.djong.network.names;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Replies of other servers as long as they say they are true (RFC 1035 and RFC 2308), at most an
/// hour, at most so many. Safe for use by several threads.
final class ReplyCache {
  private static final long LONGEST = Duration.ofHours(1).toSeconds();
  private static final int[] SECTIONS = {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL};

  private final InstantSource clock;
  private final Map<String, Kept> replies;

  private record Kept(Message reply, Instant since, long seconds) {}

  ReplyCache(InstantSource clock, int most) {
    this.clock = clock;
    this.replies =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > most;
          }
        };
  }

  /// The reply with this number, its times to live as short as they are by now.
  byte @Nullable [] find(String key, int number) {
    Kept kept;
    synchronized (replies) {
      kept = replies.get(key);
    }
    if (kept == null) {
      return null;
    }
    long age = Duration.between(kept.since(), clock.instant()).toSeconds();
    if (age < 0 || age >= kept.seconds()) {
      synchronized (replies) {
        replies.remove(key, kept);
      }
      return null;
    }
    return aged(kept.reply(), age, number);
  }

  private static byte[] aged(Message reply, long age, int number) {
    Message copy = reply.clone();
    copy.getHeader().setID(number);
    for (int section : SECTIONS) {
      copy.removeAllRecords(section);
      for (Record record : reply.getSection(section)) {
        copy.addRecord(aged(record, age), section);
      }
    }
    return copy.toWire(65535);
  }

  private static Record aged(Record record, long age) {
    return record.getType() == Type.OPT
        ? record
        : Record.newRecord(
            record.getName(),
            record.getType(),
            record.getDClass(),
            Math.max(0, record.getTTL() - age),
            record.rdataToWireCanonical());
  }

  /// Keeps a reply, if it is one that may be kept.
  void keep(String key, byte[] bytes) {
    Message reply;
    try {
      reply = new Message(bytes);
    } catch (IOException | RuntimeException e) {
      return;
    }
    long seconds = reply.getHeader().getFlag(Flags.TC) ? 0 : seconds(reply);
    if (seconds > 0) {
      synchronized (replies) {
        replies.put(key, new Kept(reply, clock.instant(), seconds));
      }
    }
  }

  private static long seconds(Message reply) {
    int code = reply.getRcode();
    boolean negative = code == Rcode.NXDOMAIN || reply.getSection(Section.ANSWER).isEmpty();
    if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
      return 0;
    }
    long least = LONGEST;
    boolean said = !negative;
    for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
      for (Record record : reply.getSection(section)) {
        least = Math.min(least, record.getTTL());
        if (record instanceof SOARecord authority) {
          least = Math.min(least, authority.getMinimum());
          said = true;
        }
      }
    }
    return said ? least : 0;
  }
}
