package io.djong.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.http.HttpClient.Exchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests and their answers, by our client and by others.
@Timeout(30)
class ExchangeTest {
  private static final HttpHandler ECHO =
      (request, response) -> {
        try (OutputStream out = response.stream()) {
          request.body().transferTo(out);
        }
      };

  private static String body(Exchange exchange) throws IOException {
    return new String(exchange.body().readAllBytes(), UTF_8);
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void aRequestReachesTheHandlerWithPathQueryHeadersAndPeer() throws IOException {
    HttpHandler tells =
        (request, response) ->
            response
                .status(201)
                .header("X-Seen", request.header("x-asked") + " " + request.rawPath())
                .send(
                    (request.method()
                            + " "
                            + request.path()
                            + " "
                            + request.query()
                            + " "
                            + request.peer())
                        .getBytes(UTF_8));
    try (ServerFixture fixture = new ServerFixture(tells);
        Exchange answer =
            fixture.client.send(
                "POST",
                "/a%2Fb/%C3%A9?x=1&y=a+b%26&x=2&empty",
                Map.of("X-Asked", "yes"),
                null,
                0)) {
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.header("x-seen")).isEqualTo("yes /a%2Fb/%C3%A9");
      assertThat(body(answer))
          .startsWith("POST /a/b/é {x=[1, 2], y=[a b&], empty=[]} unix:pid=")
          .endsWith("pid=" + ProcessHandle.current().pid() + ",uid=0");
    }
  }

  @Test
  void bodiesOfKnownAndUnknownLengthComeThroughOverTcpToo() throws IOException {
    try (ServerFixture fixture = new ServerFixture(ECHO);
        HttpClient tcp = HttpClient.of(fixture.tcp())) {
      for (HttpClient client : List.of(fixture.client, tcp)) {
        try (Exchange known = client.send("POST", "/", Map.of(), bytes("sail"), 4);
            Exchange unknown = client.send("POST", "/", Map.of(), bytes("anchor"), -1)) {
          assertThat(body(known)).isEqualTo("sail");
          assertThat(body(unknown)).isEqualTo("anchor");
        }
      }
    }
  }

  @Test
  void headIsAnsweredWithoutABodyAndTheConnectionGoesOn() throws IOException {
    HttpHandler pages =
        (request, response) -> {
          if (request.path().equals("/stream")) {
            try (OutputStream out = response.stream()) {
              out.write("page".getBytes(UTF_8));
            }
          } else {
            response.send("page".getBytes(UTF_8));
          }
        };
    try (ServerFixture fixture = new ServerFixture(pages);
        RawClient raw = fixture.raw()) {
      raw.say("HEAD / HTTP/1.1\nHost: d\n\nHEAD /stream HTTP/1.1\nHost: d\n\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Length: 4");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 OK\r\n").contains("chunked");
      raw.say("GET / HTTP/1.1\nHost: d\nConnection: close\n\n");
      assertThat(raw.readAll()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\npage");
    }
  }

  @Test
  void noContentAndNotModifiedHaveNeitherBodyNorLength() throws IOException {
    HttpHandler none =
        (request, response) ->
            response.status(Integer.parseInt(request.path().substring(1))).send(new byte[] {1});
    try (ServerFixture fixture = new ServerFixture(none);
        RawClient raw = fixture.raw()) {
      raw.say("GET /204 HTTP/1.1\nHost: d\n\nGET /304 HTTP/1.1\nHost: d\nConnection: close\n\n");
      assertThat(raw.readAll())
          .startsWith("HTTP/1.1 204 No Content\r\n")
          .contains("HTTP/1.1 304 Not Modified\r\n")
          .endsWith("\r\n\r\n")
          .doesNotContain("Content-Length");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderAlsoAfterTheClientShutItsSide() throws IOException {
    try (ServerFixture fixture =
            new ServerFixture(
                (request, response) -> response.send((request.path() + ";").getBytes(UTF_8)));
        RawClient raw = fixture.raw()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\nHost: d\n\n");
      }
      String answers = raw.say(all.toString()).endOutput().readAll();
      int at = -1;
      for (int i = 0; i < 50; i++) {
        int next = answers.indexOf("\r\n\r\n/" + i + ";");
        assertThat(next).isGreaterThan(at);
        at = next;
      }
    }
  }

  @Test
  void aClientThatExpectsIsToldToContinueBeforeItsBodyIsWaitedFor() throws IOException {
    HttpHandler readsFirst = (request, response) -> response.send(request.body().readAllBytes());
    for (HttpHandler handler : List.of(ECHO, readsFirst)) {
      try (ServerFixture fixture = new ServerFixture(handler);
          RawClient raw = fixture.raw()) {
        raw.say("POST / HTTP/1.1\nHost: d\nContent-Length: 4\nExpect: 100-continue\n\n");
        assertThat(raw.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        raw.say("sailGET / HTTP/1.1\nHost: d\nConnection: close\n\n");
        assertThat(raw.readAll()).startsWith("HTTP/1.1 200 OK").contains("sail");
      }
    }
  }

  @Test
  void aClientThatExpectsAndIsRefusedIsNotReadFurther() throws IOException {
    try (ServerFixture fixture =
            new ServerFixture((request, response) -> response.status(403).send(new byte[0]));
        RawClient raw = fixture.raw()) {
      raw.say("POST / HTTP/1.1\nHost: d\nContent-Length: 4\nExpect: 100-continue\n\n");
      assertThat(raw.readAll()).startsWith("HTTP/1.1 403").contains("Connection: close");
    }
  }

  @Test
  void statusAndHeadersOfAStreamAreSentBeforeItsFirstByte() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    HttpHandler waits =
        (request, response) -> {
          try (OutputStream out = response.header("X-Early", "yes").stream()) {
            seen.await();
            out.write('!');
          }
        };
    try (ServerFixture fixture = new ServerFixture(waits);
        Exchange answer = fixture.client.send("POST", "/wait", Map.of(), null, 0)) {
      assertThat(answer.header("X-Early")).isEqualTo("yes");
      seen.countDown();
      assertThat(body(answer)).isEqualTo("!");
    }
  }

  @Test
  void aHandlerThatFailsIsAnsweredWithoutDetailsOrCutOff() throws IOException {
    HttpHandler fails =
        (request, response) -> {
          if (request.path().equals("/late")) {
            OutputStream out = response.stream();
            out.write('x');
            out.flush();
          }
          throw new IOException("secret");
        };
    try (ServerFixture fixture = new ServerFixture(fails);
        Exchange early = fixture.client.send("GET", "/", Map.of(), null, 0);
        Exchange late = fixture.client.send("GET", "/late", Map.of(), null, 0)) {
      assertThat(early.status()).isEqualTo(500);
      assertThat(body(early)).isEmpty();
      assertThatThrownBy(() -> body(late)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aRangeOfAFileIsSentAndTheFileStaysOpen(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "0123456789");
    try (FileChannel open = FileChannel.open(file);
        ServerFixture fixture =
            new ServerFixture((request, response) -> response.sendFile(open, 2, 5))) {
      for (int i = 0; i < 2; i++) {
        try (Exchange answer = fixture.client.send("GET", "/", Map.of(), null, 0)) {
          assertThat(answer.header("Content-Length")).isEqualTo("5");
          assertThat(body(answer)).isEqualTo("23456");
        }
      }
      assertThat(open.isOpen()).isTrue();
    }
  }

  @Test
  void anOldClientGetsAStreamThatEndsWithTheConnection() throws IOException {
    try (ServerFixture fixture = new ServerFixture(ECHO);
        RawClient raw = fixture.raw()) {
      raw.say("POST / HTTP/1.0\nContent-Length: 4\n\nsail");
      assertThat(raw.readAll()).doesNotContain("chunked").endsWith("\r\n\r\nsail");
    }
  }

  @Test
  void aBodyThatNobodyReadDoesNotDisturbTheNextRequest() throws IOException {
    try (ServerFixture fixture =
            new ServerFixture((request, response) -> response.send(new byte[] {'o', 'k'}));
        RawClient raw = fixture.raw()) {
      raw.say("POST / HTTP/1.1\nHost: d\nContent-Length: 40\n\nGET /evil");
      raw.readHead();
      assertThat(raw.read(2)).isEqualTo("ok");
      raw.sayExactly("x".repeat(31)).say("GET / HTTP/1.1\nHost: d\nConnection: close\n\n");
      assertThat(raw.readAll()).startsWith("HTTP/1.1 200").endsWith("ok");
    }
  }

  @Test
  void fiveHundredConnectionsAreServedAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(500);
    HttpHandler together =
        (request, response) -> {
          all.countDown();
          all.await();
          response.send(request.path().getBytes(UTF_8));
        };
    try (ServerFixture fixture = new ServerFixture(together);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        String target = "/" + i;
        answers.add(
            threads.submit(
                () -> {
                  try (HttpClient client = HttpClient.of("unix://" + fixture.socket);
                      Exchange answer = client.send("GET", target, Map.of(), null, 0)) {
                    return body(answer);
                  }
                }));
      }
      for (int i = 0; i < 500; i++) {
        assertThat(answers.get(i).get()).isEqualTo("/" + i);
      }
    }
  }

  @Test
  void aConnectionIsUsedAgain() throws IOException {
    List<String> peers = new CopyOnWriteArrayList<>();
    HttpHandler notes =
        (request, response) -> {
          peers.add(request.peer());
          response.send(new byte[1]);
        };
    try (ServerFixture fixture = new ServerFixture(notes);
        HttpClient tcp = HttpClient.of(fixture.tcp())) {
      for (int i = 0; i < 3; i++) {
        try (Exchange answer = tcp.send("GET", "/", Map.of(), null, 0)) {
          assertThat(body(answer)).hasSize(1);
        }
      }
      assertThat(peers).hasSize(3).containsOnly(peers.getFirst());
    }
  }
}
