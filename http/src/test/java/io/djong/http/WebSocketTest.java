package io.djong.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// WebSockets (RFC 6455) as a server has them, driven with frames made by hand.
@Timeout(30)
class WebSocketTest {
  /// The handshake of RFC 6455, 1.2.
  private static final String HANDSHAKE =
      """
      GET /chat HTTP/1.1
      Host: djong
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13

      """;

  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /// A frame as a client sends it, masked with nothing.
  private static String masked(int kind, String payload) {
    return (char) (0x80 | kind) + "" + (char) (0x80 | payload.length()) + "\0\0\0\0" + payload;
  }

  private static String plain(int kind, String payload) {
    return (char) (0x80 | kind) + "" + (char) payload.length() + payload;
  }

  private static void echo(HttpRequest request, HttpResponse response) throws IOException {
    try (RawStream raw = response.upgradeToWebSocket(request.path().equals("/text"))) {
      raw.input().transferTo(raw.output());
    }
  }

  @Test
  void whatTheClientSendsInFramesIsReadAndWhatIsWrittenIsFramed() throws IOException {
    try (ServerFixture fixture = new ServerFixture(WebSocketTest::echo);
        RawClient client = fixture.raw()) {
      client.say(HANDSHAKE);
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      client.sayExactly(masked(BINARY, "cargo"));
      assertThat(client.read(7)).isEqualTo(plain(BINARY, "cargo"));
      client.sayExactly(masked(PING, "?"));
      assertThat(client.read(3)).isEqualTo(plain(PONG, "?"));
      client.sayExactly(masked(TEXT, "more"));
      assertThat(client.read(6)).isEqualTo(plain(BINARY, "more"));
      client.sayExactly(masked(CLOSE, "\u0003\u00e8"));
      assertThat(client.read(4)).isEqualTo(plain(CLOSE, "\u0003\u00e8"));
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void framesThatComeWithTheHandshakeAreNotLostAndTextIsSentAsText() throws IOException {
    try (ServerFixture fixture = new ServerFixture(WebSocketTest::echo);
        RawClient client = fixture.raw()) {
      client.sayExactly(
          HANDSHAKE.replace("/chat", "/text").replace("\n", "\r\n") + masked(TEXT, "early"));
      client.readHead();
      assertThat(client.read(7)).isEqualTo(plain(TEXT, "early"));
    }
  }

  @Test
  void theServersEndIsACloseAndAFrameWithoutAMaskEndsTheConnection() throws IOException {
    CompletableFuture<String> read = new CompletableFuture<>();
    HttpHandler handler =
        (_, response) -> {
          try (RawStream raw = response.upgradeToWebSocket(false)) {
            raw.output().write("bye".getBytes(ISO_8859_1));
            raw.shutdownOutput();
            try {
              read.complete(new String(raw.input().readAllBytes(), ISO_8859_1));
            } catch (IOException e) {
              read.complete("the connection ended");
            }
          }
        };
    try (ServerFixture fixture = new ServerFixture(handler);
        RawClient client = fixture.raw()) {
      client.say(HANDSHAKE);
      client.readHead();
      assertThat(client.read(9)).isEqualTo(plain(BINARY, "bye") + plain(CLOSE, "\u0003\u00e8"));
      client.sayExactly(plain(BINARY, "unmasked"));
      client.readAll();
      assertThat(read.join()).isIn("", "the connection ended");
    }
  }
}
