package io.djong.network.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What is remembered of others' replies, and how long.
class ReplyCacheTest {
  private Instant now = Instant.EPOCH;
  private final ReplyCache cache = new ReplyCache(() -> now, 2);

  private static byte[] reply(int code, String authority, long ttl, String... addresses)
      throws IOException {
    Name name = Name.fromString("example.org.");
    Message reply = Message.newQuery(Record.newRecord(name, Type.A, DClass.IN));
    reply.getHeader().setFlag(Flags.QR);
    reply.getHeader().setRcode(code);
    for (String address : addresses) {
      reply.addRecord(
          Record.fromString(name, Type.A, DClass.IN, ttl, address, Name.root), Section.ANSWER);
    }
    if (!authority.isEmpty()) {
      reply.addRecord(
          Record.fromString(name, Type.SOA, DClass.IN, ttl, authority, Name.root),
          Section.AUTHORITY);
    }
    return reply.toWire();
  }

  @Test
  void aReplyIsTrueAsLongAsItSays() throws IOException {
    cache.keep("a", reply(Rcode.NOERROR, "", 30, "192.0.2.1"));
    now = now.plusSeconds(20);
    Message found = new Message(cache.find("a", 4711));

    assertThat(found.getHeader().getID()).isEqualTo(4711);
    assertThat(found.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(10);
    now = now.plusSeconds(10);
    assertThat(cache.find("a", 1)).isNull();
  }

  @Test
  void thatThereIsNothingIsKeptAsLongAsItsAuthoritySays() throws IOException {
    cache.keep("a", reply(Rcode.NXDOMAIN, "ns. root. 1 2 3 4 5", 600));
    now = now.plusSeconds(4);
    assertThat(cache.find("a", 1)).isNotNull();
    now = now.plusSeconds(1);
    assertThat(cache.find("a", 1)).isNull();
  }

  @Test
  void whatSaysNothingOfItsTimeIsNotKept() throws IOException {
    cache.keep("a", reply(Rcode.NXDOMAIN, "", 600));
    cache.keep("b", reply(Rcode.SERVFAIL, "", 600, "192.0.2.1"));
    cache.keep("c", new byte[3]);

    assertThat(cache.find("a", 1)).isNull();
    assertThat(cache.find("b", 1)).isNull();
    assertThat(cache.find("c", 1)).isNull();
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() throws IOException {
    cache.keep("a", reply(Rcode.NOERROR, "", 30, "192.0.2.1"));
    cache.keep("b", reply(Rcode.NOERROR, "", 30, "192.0.2.2"));
    assertThat(cache.find("a", 1)).isNotNull();
    cache.keep("c", reply(Rcode.NOERROR, "", 30, "192.0.2.3"));

    assertThat(cache.find("b", 1)).isNull();
    assertThat(cache.find("a", 1)).isNotNull();
  }
}
