package io.djong.network.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Questions to another name server, which is played here.
class ForwarderTest {
  private final Forwarder forwarder = new Forwarder(new ReplyCache(InstantSource.system(), 10));
  private final AtomicInteger asked = new AtomicInteger();
  private DatagramSocket server;

  @BeforeEach
  void open() throws IOException {
    server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private List<InetSocketAddress> servers() {
    return List.of((InetSocketAddress) server.getLocalSocketAddress());
  }

  private static Message query(String name) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
  }

  /// Answers every query with this address; first come `wrong` answers that are somebody's guess.
  private void serve(String address, int wrong) {
    Thread.ofVirtual()
        .start(
            () -> {
              byte[] buffer = new byte[512];
              try {
                while (true) {
                  DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                  server.receive(packet);
                  asked.incrementAndGet();
                  Message query = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
                  for (int i = 0; i <= wrong; i++) {
                    Message reply = new Message(query.getHeader().getID() + wrong - i);
                    reply.getHeader().setFlag(Flags.QR);
                    reply.addRecord(query.getQuestion(), Section.QUESTION);
                    reply.addRecord(
                        Record.fromString(
                            query.getQuestion().getName(),
                            Type.A,
                            DClass.IN,
                            60,
                            i == wrong ? address : "203.0.113.66",
                            Name.root),
                        Section.ANSWER);
                    byte[] bytes = reply.toWire();
                    server.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
                  }
                }
              } catch (IOException e) { // The test is over.
                server.close();
              }
            });
  }

  @Test
  void theReplyHasTheNumberOfTheQueryAndIsAskedForOnce() throws IOException {
    serve("192.0.2.1", 0);
    Message query = query("example.org.");
    Message again = query("EXAMPLE.org.");

    assertThat(new Message(forwarder.ask(query, servers(), false)).getHeader().getID())
        .isEqualTo(query.getHeader().getID());
    Message known = new Message(forwarder.ask(again, servers(), false));
    assertThat(known.getHeader().getID()).isEqualTo(again.getHeader().getID());
    assertThat(known.getSection(Section.ANSWER).getFirst().rdataToString()).isEqualTo("192.0.2.1");
    assertThat(asked).hasValue(1);
  }

  @Test
  void aGuessIsNotBelieved() throws IOException {
    serve("192.0.2.1", 3);

    Message reply = new Message(forwarder.ask(query("example.org."), servers(), false));
    assertThat(reply.getSection(Section.ANSWER).getFirst().rdataToString()).isEqualTo("192.0.2.1");
  }

  @Test
  void whereNobodyListensItFails() throws IOException {
    List<InetSocketAddress> nobody = servers();
    server.close();

    assertThat(new Message(forwarder.ask(query("example.org."), nobody, false)).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
  }
}
