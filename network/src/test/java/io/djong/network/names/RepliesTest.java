package io.djong.network.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.network.Cidr;
import io.djong.network.Names;
import io.djong.network.names.Replies.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What a container is answered.
class RepliesTest {
  private final Replies replies = new Replies(new Turns());

  /// One that knows `web` at two addresses, and asks others if told so.
  private record Known(List<InetSocketAddress> servers) implements Names {
    private static final Map<String, List<InetAddress>> ALL =
        Map.of(
            "web",
            List.of(at("192.0.2.2"), at("192.0.2.3"), at("fd00::2")),
            "twins",
            List.of(at("192.0.2.4"), at("192.0.2.5"), at("fd00::4"), at("fd00::5")));

    @Override
    public @Nullable List<InetAddress> addresses(String name) {
      return ALL.get(name);
    }

    @Override
    public @Nullable String name(InetAddress address) {
      return address.equals(at("192.0.2.2")) ? "web.quay" : null;
    }

    @Override
    public boolean isNear(InetAddress address) {
      return Cidr.parse("192.0.2.0/24").contains(address);
    }
  }

  private static final Names INSIDE = new Known(List.of());
  private static final Names OUTSIDE =
      new Known(List.of(new InetSocketAddress(at("192.0.2.9"), 53)));

  private static InetAddress at(String address) {
    return Cidr.parseAddress(address);
  }

  private static byte[] query(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)).toWire();
  }

  private Message reply(String name, int type, Names names) throws IOException {
    Outcome outcome = replies.to(query(name, type), names);
    assertThat(outcome).isInstanceOf(Outcome.Reply.class);
    return new Message(((Outcome.Reply) outcome).bytes());
  }

  private static List<String> texts(Message reply) {
    return reply.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  @Test
  void aNameIsItsAddressesOfTheFamilyAskedFor() throws IOException {
    assertThat(texts(reply("WEB.", Type.A, INSIDE)))
        .containsExactlyInAnyOrder("192.0.2.2", "192.0.2.3");
    assertThat(texts(reply("web.", Type.AAAA, INSIDE))).containsExactly("fd00:0:0:0:0:0:0:2");
    Message other = reply("web.", Type.MX, OUTSIDE);
    assertThat(other.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(texts(other)).isEmpty();
  }

  @Test
  void everyAddressIsFirstInTurn() throws IOException {
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      first.add(texts(reply("web.", Type.A, INSIDE)).getFirst());
    }

    assertThat(first.subList(0, 2)).containsExactlyInAnyOrder("192.0.2.2", "192.0.2.3");
    assertThat(first.subList(2, 4)).isEqualTo(first.subList(0, 2));
  }

  @Test
  void everyAddressIsFirstInTurnForWhoAsksForBothFamilies() throws IOException {
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      first.add(texts(reply("twins.", Type.A, INSIDE)).getFirst());
      assertThat(texts(reply("twins.", Type.AAAA, INSIDE))).hasSize(2);
    }

    assertThat(first).containsExactlyInAnyOrder("192.0.2.4", "192.0.2.5");
  }

  @Test
  void anAddressIsItsName() throws IOException {
    assertThat(texts(reply("2.2.0.192.in-addr.arpa.", Type.PTR, OUTSIDE)))
        .containsExactly("web.quay.");
    assertThat(reply("77.2.0.192.in-addr.arpa.", Type.PTR, OUTSIDE).getRcode())
        .isEqualTo(Rcode.NXDOMAIN);
    assertThat(replies.to(query("1.1.1.1.in-addr.arpa.", Type.PTR), OUTSIDE))
        .isInstanceOf(Outcome.Forward.class);
  }

  @Test
  void aSingleLabelNeverGoesOut() throws IOException {
    assertThat(reply("nobody.", Type.A, OUTSIDE).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(replies.to(query("example.org.", Type.A), OUTSIDE))
        .isInstanceOf(Outcome.Forward.class);
  }

  @Test
  void whoReachesNoOutsideIsToldSo() throws IOException {
    assertThat(reply("example.org.", Type.A, INSIDE).getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void whatIsNoQueryIsMetWithSilenceOrRefused() throws IOException {
    byte[] response = query("web.", Type.A);
    response[2] |= (byte) 0x80;
    assertThat(replies.to(response, INSIDE)).isInstanceOf(Outcome.Silence.class);
    assertThat(replies.to(new byte[11], INSIDE)).isInstanceOf(Outcome.Silence.class);

    Message update = new Message(query("web.", Type.A));
    update.getHeader().setOpcode(Opcode.UPDATE);
    Outcome refused = replies.to(update.toWire(), INSIDE);
    assertThat(new Message(((Outcome.Reply) refused).bytes()).getRcode()).isEqualTo(Rcode.NOTIMP);
  }

  @Test
  void aLongReplyIsCutForADatagram() throws IOException {
    Message reply = new Message(query("web.", Type.A));
    reply.getHeader().setFlag(Flags.QR);
    for (int i = 0; i < 100; i++) {
      reply.addRecord(
          Record.fromString(
              Name.fromString("web."), Type.A, DClass.IN, 1, "192.0.2." + i, Name.root),
          Section.ANSWER);
    }

    byte[] cut = Replies.datagram(query("web.", Type.A), reply.toWire());
    assertThat(cut.length).isLessThanOrEqualTo(512);
    assertThat(new Message(cut).getHeader().getFlag(Flags.TC)).isTrue();
  }

  @Test
  void aNameThatPointsAtItselfIsRefused() {
    byte[] loop = new byte[18];
    loop[5] = 1; // one question
    loop[12] = (byte) 0xc0;
    loop[13] = 12; // its name is at itself
    Outcome outcome = replies.to(loop, INSIDE);

    assertThat(((Outcome.Reply) outcome).bytes()[3] & 0xf).isEqualTo(Rcode.FORMERR);
  }
}
