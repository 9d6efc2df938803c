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
/// hour, at most so many, none that is long: memory is bounded whatever they say. Safe for use by
/// several threads.
final class ReplyCache {
  private static final long LONGEST = Duration.ofHours(1).toSeconds();

  /// In bytes: a longer one is asked for again.
  private static final int MOST = 4096;

  private static final int[] SECTIONS = {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL};

  private final InstantSource clock;
  private final Map<String, Kept> replies;

  private static final class Kept {
    private final byte[] reply;
    private final Instant since;
    private final long seconds;

    Kept(byte[] reply, Instant since, long seconds) {
      this.reply = reply;
      this.since = since;
      this.seconds = seconds;
    }
  }

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
    long age = Duration.between(kept.since, clock.instant()).toSeconds();
    if (age < 0 || age >= kept.seconds) {
      synchronized (replies) {
        replies.remove(key, kept);
      }
      return null;
    }
    return aged(kept.reply, age, number);
  }

  private static byte @Nullable [] aged(byte[] bytes, long age, int number) {
    try {
      Message reply = new Message(bytes);
      Message copy = reply.clone();
      copy.getHeader().setID(number);
      for (int section : SECTIONS) {
        copy.removeAllRecords(section);
        for (Record record : reply.getSection(section)) {
          copy.addRecord(aged(record, age), section);
        }
      }
      return copy.toWire(65535);
    } catch (IOException | RuntimeException e) { // Whoever wrote it wrote what cannot be.
      return null;
    }
  }

  private static Record aged(Record record, long age) {
    return record.getType() == Type.OPT
        ? record
        : Record.newRecord(
            record.getName(),
            record.getType(),
            record.getDClass(),
            Math.max(0, ttl(record) - age),
            record.rdataToWireCanonical());
  }

  /// One that is too large means none (RFC 2181, 8).
  private static long ttl(Record record) {
    return record.getTTL() > Integer.MAX_VALUE ? 0 : record.getTTL();
  }

  /// How many are kept, those that are not true any more included.
  int size() {
    synchronized (replies) {
      return replies.size();
    }
  }

  /// Keeps a reply, if it is one that may be kept.
  void keep(String key, byte[] bytes) {
    if (bytes.length > MOST) {
      return;
    }
    Message reply;
    try {
      reply = new Message(bytes);
    } catch (IOException | RuntimeException e) {
      return;
    }
    long seconds = reply.getHeader().getFlag(Flags.TC) ? 0 : seconds(reply);
    if (seconds > 0) {
      synchronized (replies) {
        replies.put(key, new Kept(bytes, clock.instant(), seconds));
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
        least = Math.min(least, ttl(record));
        if (record instanceof SOARecord authority) {
          least = Math.min(least, authority.getMinimum());
          said = true;
        }
      }
    }
    return said ? least : 0;
  }
}
