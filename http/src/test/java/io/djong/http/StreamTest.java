package io.djong.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.http.HttpClient.Exchange;
import io.djong.http.HttpClient.UpgradeRefused;
import io.djong.http.HttpClient.Upgraded;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Long bodies and raw streams: order, ends, back-pressure, and clients that go away.
@Timeout(30)
class StreamTest {
  private static final long BIG = 200L << 20;

  /// Answers a raw stream with what it reads, after the request's body, and says when it ended.
  private static void echo(HttpRequest request, HttpResponse response) throws IOException {
    byte[] asked = request.body().readAllBytes();
    try (RawStream raw =
        response.header("Content-Type", "x/raw").upgrade(request.header("Upgrade"))) {
      raw.output().write(asked);
      raw.output().flush();
      raw.input().transferTo(raw.output());
      raw.output().write("ended".getBytes(UTF_8));
    }
  }

  /// So many zeros.
  private static InputStream zeros(long count) {
    return new InputStream() {
      private long left = count;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        if (left <= 0) {
          return -1;
        }
        int some = (int) Math.min(left, length);
        left -= some;
        return some;
      }
    };
  }

  @Test
  void anUpgradeWithABodyGivesARawStreamWhoseWaysEndOneByOne() throws IOException {
    try (ServerFixture fixture = new ServerFixture(StreamTest::echo)) {
      Upgraded upgraded =
          fixture.client.upgrade("POST", "/exec", Map.of(), "{}".getBytes(UTF_8), "tcp");
      assertThat(upgraded.status()).isEqualTo(101);
      assertThat(upgraded.headers())
          .containsEntry("content-type", "x/raw")
          .containsEntry("upgrade", "tcp");
      try (RawStream stream = upgraded.stream()) {
        stream.output().write("cargo".getBytes(UTF_8));
        stream.output().flush();
        assertThat(stream.input().readNBytes(7)).asString().isEqualTo("{}cargo");
        stream.shutdownOutput();
        assertThat(stream.input().readAllBytes()).asString().isEqualTo("ended");
      }
    }
  }

  @Test
  void bytesSentTogetherWithTheRequestAndTheEndOfThemAreNotLost() throws IOException {
    try (ServerFixture fixture = new ServerFixture(StreamTest::echo);
        RawClient raw = fixture.raw()) {
      raw.say(
              "POST /attach HTTP/1.1\nHost: d\nConnection: Upgrade\nUpgrade: tcp\n"
                  + "Content-Length: 2\n\n{}GET / HTTP/1.1\n\n"
                  + "x".repeat(100_000))
          .endOutput();
      assertThat(raw.readHead()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
      assertThat(raw.readAll())
          .isEqualTo("{}GET / HTTP/1.1\r\n\r\n" + "x".repeat(100_000) + "ended");
    }
  }

  @Test
  void anOldClientGetsTheRawStreamAfterA200WithoutUpgrade() throws IOException {
    try (ServerFixture fixture = new ServerFixture(StreamTest::echo);
        RawClient raw = fixture.raw()) {
      raw.say("POST /attach HTTP/1.1\nHost: d\n\nhello").endOutput();
      assertThat(raw.readHead())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .doesNotContainIgnoringCase("upgrade")
          .doesNotContainIgnoringCase("length")
          .doesNotContainIgnoringCase("chunked");
      assertThat(raw.readAll()).isEqualTo("helloended");
    }
  }

  @Test
  void aRefusedUpgradeCarriesTheAnswer() throws IOException {
    try (ServerFixture fixture =
        new ServerFixture(
            (request, response) -> response.status(409).send("not running".getBytes(UTF_8)))) {
      assertThatThrownBy(() -> fixture.client.upgrade("POST", "/", Map.of(), new byte[0], "tcp"))
          .isInstanceOfSatisfying(
              UpgradeRefused.class,
              refused -> {
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.body()).asString().isEqualTo("not running");
              });
    }
  }

  @Test
  void outputComesThroughWholeAlthoughTheClientStillSends() throws IOException {
    HttpHandler ends =
        (request, response) -> {
          try (RawStream raw = response.upgrade("tcp")) {
            raw.output().write(new byte[300_000]);
          }
        };
    try (ServerFixture fixture = new ServerFixture(ends)) {
      Upgraded upgraded = fixture.client.upgrade("POST", "/", Map.of(), new byte[0], "tcp");
      try (RawStream stream = upgraded.stream()) {
        stream.output().write(new byte[50_000]);
        assertThat(stream.input().readAllBytes()).hasSize(300_000);
      }
    }
  }

  @Test
  void aClientThatShutItsSideStillGetsMoreThanASocketHolds() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    HttpHandler answersAfterTheEnd =
        (request, response) -> {
          try (RawStream raw = response.upgrade("tcp")) {
            long count = raw.input().transferTo(OutputStream.nullOutputStream());
            for (int i = 0; i < 3; i++) {
              zeros(5 << 20).transferTo(raw.output());
            }
            raw.output().write(Long.toString(count).getBytes(UTF_8));
            written.countDown();
          }
        };
    try (ServerFixture fixture = new ServerFixture(answersAfterTheEnd);
        RawStream stream =
            fixture.client.upgrade("POST", "/", Map.of(), new byte[0], "tcp").stream()) {
      stream.output().write(new byte[5]);
      stream.shutdownOutput();
      assertThat(stream.input().readNBytes(15 << 20)).hasSize(15 << 20);
      assertThat(stream.input().readAllBytes()).asString().isEqualTo("5");
      written.await();
    }
  }

  @Test
  void aHandlerIsToldThatItsRawStreamsClientWentAway() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    HttpHandler attached =
        (request, response) -> {
          request.onDisconnect(gone::countDown);
          try (RawStream raw = response.upgrade("tcp")) {
            raw.input().transferTo(OutputStream.nullOutputStream());
            gone.await();
            answered.countDown();
          }
        };
    try (ServerFixture fixture = new ServerFixture(attached)) {
      fixture.client.upgrade("POST", "/", Map.of(), new byte[0], "tcp").stream().close();
      answered.await();
    }
  }

  @Test
  void twoHundredMegabytesPassBothWaysWithoutBeingKept() throws IOException {
    AtomicLong ahead = new AtomicLong();
    HttpHandler counts =
        (request, response) -> {
          long count = request.body().transferTo(OutputStream.nullOutputStream());
          try (OutputStream out = response.header("X-Count", "" + count).stream()) {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < BIG >> 20; i++) {
              out.write(block);
              ahead.addAndGet(block.length);
            }
          }
        };
    try (ServerFixture fixture = new ServerFixture(counts);
        Exchange answer = fixture.client.send("POST", "/", Map.of(), zeros(BIG), -1)) {
      assertThat(answer.header("X-Count")).isEqualTo(Long.toString(BIG));
      long read = answer.body().readNBytes(1 << 20).length;
      assertThat(ahead.get()).isLessThan(8 << 20);
      read += answer.body().transferTo(OutputStream.nullOutputStream());
      assertThat(read).isEqualTo(BIG);
    }
  }

  @Test
  void aServerThatDoesNotReadHoldsTheClientBack() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicLong sent = new AtomicLong();
    CompletableFuture<Long> beforeReading = new CompletableFuture<>();
    CountDownLatch stalled = new CountDownLatch(1);
    HttpHandler late =
        (request, response) -> {
          go.await();
          response.send(
              Long.toString(request.body().transferTo(OutputStream.nullOutputStream()))
                  .getBytes(UTF_8));
        };
    InputStream body =
        new InputStream() {
          private final InputStream all = zeros(BIG);

          @Override
          public int read() throws IOException {
            return all.read();
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            int some = all.read(into, offset, length);
            if (sent.addAndGet(Math.max(0, some)) > 100_000) {
              stalled.countDown();
            }
            return some;
          }
        };
    try (ServerFixture fixture = new ServerFixture(late)) {
      Thread reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Exchange answer = fixture.client.send("POST", "/", Map.of(), body, -1)) {
                      beforeReading.complete(
                          Long.parseLong(new String(answer.body().readAllBytes(), UTF_8)));
                    } catch (IOException e) {
                      beforeReading.completeExceptionally(e);
                    }
                  });
      stalled.await();
      // Another client is served meanwhile, and what the first got rid of stays bounded.
      try (RawClient other = fixture.raw()) {
        other.say("GET /x HTTP/1.0\n\n");
        assertThat(sent.get()).isLessThan(8 << 20);
        go.countDown();
        other.readAll();
      }
      assertThat(beforeReading.get()).isEqualTo(BIG);
      reader.join();
    }
  }

  @Test
  void clientsThatDoNotReadDoNotStopOthers() throws IOException {
    HttpHandler floods =
        (request, response) -> {
          try (OutputStream out = response.stream()) {
            zeros(request.path().equals("/flood") ? BIG : 10).transferTo(out);
          }
        };
    try (ServerFixture fixture = new ServerFixture(floods)) {
      List<Exchange> stalled = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        stalled.add(fixture.client.send("POST", "/flood", Map.of(), null, 0));
      }
      for (int i = 0; i < 100; i++) {
        try (Exchange answer = fixture.client.send("GET", "/", Map.of(), null, 0)) {
          assertThat(answer.body().readAllBytes()).hasSize(10);
        }
      }
      for (Exchange one : stalled) {
        one.close();
      }
    }
  }

  @Test
  void aWriteToAClientThatWentAwayThrows() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    HttpHandler endless =
        (request, response) -> {
          try (OutputStream out = response.stream()) {
            zeros(Long.MAX_VALUE).transferTo(out);
          } catch (IOException e) {
            thrown.complete(e);
            throw e;
          }
        };
    try (ServerFixture fixture = new ServerFixture(endless)) {
      try (RawClient raw = fixture.raw()) {
        raw.say("GET / HTTP/1.1\nHost: d\n\n").readHead();
      }
      assertThat(thrown.get()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aReadFromAClientThatWentAwayThrows() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    HttpHandler reads =
        (request, response) -> {
          try {
            request.body().readAllBytes();
          } catch (IOException e) {
            thrown.complete(e);
            throw e;
          }
        };
    try (ServerFixture fixture = new ServerFixture(reads)) {
      try (RawClient raw = fixture.raw()) {
        raw.say("POST / HTTP/1.1\nHost: d\nContent-Length: 5\n\nabc");
      }
      assertThat(thrown.get()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aHandlerIsToldThatItsClientWentAway() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    HttpHandler follows =
        (request, response) -> {
          request.onDisconnect(gone::countDown);
          try (OutputStream out = response.stream()) {
            out.flush();
            gone.await();
          } finally {
            answered.countDown();
          }
        };
    for (boolean tcp : new boolean[] {false, true}) {
      try (ServerFixture fixture = new ServerFixture(follows);
          HttpClient client = HttpClient.of(tcp ? fixture.tcp() : "unix://" + fixture.socket)) {
        client.send("GET", "/events", Map.of(), null, 0).close();
        answered.await();
      }
    }
  }

  @Test
  void closingARawStreamEndsABlockedRead() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    HttpHandler closes =
        (request, response) -> {
          RawStream raw = response.upgrade("tcp");
          Thread reader =
              Thread.ofVirtual()
                  .start(
                      () -> {
                        try {
                          int one = raw.input().read();
                          thrown.completeExceptionally(new AssertionError("read " + one));
                        } catch (IOException e) {
                          thrown.complete(e);
                        }
                      });
          raw.output().write('x');
          raw.output().flush();
          raw.close();
          reader.join();
        };
    try (ServerFixture fixture = new ServerFixture(closes);
        RawStream stream =
            fixture.client.upgrade("POST", "/", Map.of(), new byte[0], "tcp").stream()) {
      assertThat(stream.input().readAllBytes()).hasSize(1);
      assertThat(thrown.get()).isInstanceOf(IOException.class);
    }
  }
}
