package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Attaching by WebSocket, with frames made by hand (RFC 6455).
@ExtendWith(SharedDaemon.class)
class DockerWebSocketTest {
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;

  private final LiveDaemon daemon;

  DockerWebSocketTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  private RawRequest attach(String path) throws Exception {
    RawRequest socket = new RawRequest(daemon);
    socket.say(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: djong\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
    return socket;
  }

  /// A frame as a client sends it, masked with nothing.
  private static String masked(int kind, String payload) {
    return (char) (0x80 | kind) + "" + (char) (0x80 | payload.length()) + "\0\0\0\0" + payload;
  }

  /// The payload of the next frame, which is of this kind.
  private static String frame(RawRequest socket, int kind) throws Exception {
    String head = socket.read(2);
    assertThat((int) head.charAt(0)).isEqualTo(0x80 | kind);
    return socket.read(head.charAt(1));
  }

  @Test
  void inputAndBothOutputsGoOverTheSocketUntilItIsClosed() throws Exception {
    daemon
        .docker(
            "run",
            "-di",
            "--name",
            "socket",
            "busybox",
            "sh",
            "-c",
            "while read -r line; do echo \"<$line>\"; done; echo end > /end; sleep 1000")
        .ok();
    try (RawRequest socket =
        attach("/v1.51/containers/socket/attach/ws?stream=1&stdin=1&stdout=1&stderr=1")) {
      socket.say(masked(BINARY, "one\n"));
      assertThat(frame(socket, BINARY)).isEqualTo("<one>\n");
      socket.say(masked(TEXT, "two\n") + masked(CLOSE, "\u0003\u00e8"));
      String rest = socket.readAll();
      assertThat(rest).contains((char) (0x80 | CLOSE) + "\u0002\u0003\u00e8");
    }
    assertThat(daemon.docker("logs", "socket").ok().out()).startsWith("<one>\n");
    try (RawRequest socket =
        attach("/v1.51/containers/socket/attach/ws?logs=1&stream=1&stdin=1&stdout=1")) {
      assertThat(frame(socket, BINARY)).startsWith("<one>\n");
      socket.say(masked(BINARY, "three\n"));
      String seen = "";
      while (!seen.contains("<three>")) {
        seen = frame(socket, BINARY);
      }
    }
    daemon.docker("rm", "-f", "socket").ok();
  }

  @Test
  void theContainersEndClosesTheSocketAndOldVersionsGetText() throws Exception {
    daemon.docker("create", "--name", "brief", "busybox", "echo", "ahoy").ok();
    try (RawRequest socket = attach("/v1.27/containers/brief/attach/ws?stream=1")) {
      daemon.docker("start", "brief").ok();
      assertThat(frame(socket, TEXT)).isEqualTo("ahoy\n");
      assertThat(frame(socket, CLOSE)).isEqualTo("\u0003\u00e8");
      assertThat(socket.readAll()).isEmpty();
    }
    daemon.docker("rm", "brief").ok();
  }

  @Test
  void whatIsNoHandshakeIsRefused() throws Exception {
    daemon.docker("create", "--name", "plain", "busybox", "true").ok();
    assertThat(RawRequest.ask(daemon, "GET", "/containers/plain/attach/ws?stream=1", ""))
        .startsWith("400 ")
        .contains("no WebSocket handshake");
    daemon.docker("rm", "plain").ok();
  }
}
