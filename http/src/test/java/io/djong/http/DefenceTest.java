package io.djong.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.http.HttpServer.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that no honest client sends.
@Timeout(30)
class DefenceTest {
  private static final HttpHandler SAYS_PATH =
      (request, response) -> {
        request.body().readAllBytes();
        response.send(("path=" + request.path()).getBytes(UTF_8));
      };

  private static String answerTo(String request) throws IOException {
    return answerTo(request, Limits.DEFAULT);
  }

  private static String answerTo(String request, Limits limits) throws IOException {
    try (ServerFixture fixture = new ServerFixture(SAYS_PATH, limits);
        RawClient raw = fixture.raw()) {
      return raw.sayExactly(request).endOutput().readAll();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Transfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n",
        "Content-Length: 3, 3\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: -3\r\n",
        "Content-Length: 0x3\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length : 3\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Host: other\r\n",
        "X-A: a\u0000b\r\n",
        "X-A: a\rb\r\n",
        "X A: b\r\n",
        " X-A: b\r\n",
        "no colon\r\n",
        ": nameless\r\n",
        "X-A: b\nX-B: c\r\n"
      })
  void aHeadWithAnAmbiguousOrMalformedFieldIsRefused(String field) throws IOException {
    assertThat(
            answerTo(
                "POST / HTTP/1.1\r\nHost: d\r\n"
                    + field
                    + "\r\n3\r\nabc\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: d\r\n\r\n"))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("close")
        .doesNotContain("path=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip, chunked", "xchunked", "identity", "chunked, identity"})
  void aTransferCodingOtherThanChunkedIsRefused(String coding) throws IOException {
    assertThat(
            answerTo(
                "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: "
                    + coding
                    + "\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: d\r\n\r\n"))
        .matches("(?s)HTTP/1.1 (400|501) .*")
        .doesNotContain("path=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "get / HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /\r\nHost: d\r\n\r\n",
        "GET / HTTP/1.1\nHost: d\n\n",
        "GET a HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /%4 HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /% HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /%c0%af HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /?x=%zz HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET /#x HTTP/1.1\r\nHost: d\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      })
  void aMalformedRequestIsRefused(String request) throws IOException {
    assertThat(answerTo(request))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .doesNotContain("path=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3\r\nabcX\r\n0\r\n\r\n",
        "zz\r\nabc\r\n0\r\n\r\n",
        "-3\r\nabc\r\n0\r\n\r\n",
        "ffffffffffffffff\r\nabc",
        "3\nabc\n0\n\n",
        "3\r\nabc\r\n",
        "5\r\nabc"
      })
  void aBrokenChunkIsNeverTakenForTheBodysEnd(String chunks) throws IOException {
    assertThat(
            answerTo("POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
        .doesNotContain("path=");
  }

  @Test
  void chunkExtensionsAndTrailersArePassedOver() throws IOException {
    String head = "POST /a HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n";
    String body = "3;x=y\r\nabc\r\n0\r\nX-T: 1\r\n\r\n";
    String next = "GET /b HTTP/1.1\r\nHost: d\r\n\r\n";
    assertThat(answerTo(head + body + next)).contains("path=/a").endsWith("path=/b");
  }

  @Test
  void aFoldedFieldIsReadAsOneLine() throws IOException {
    assertThat(answerTo("GET /a HTTP/1.1\r\nHost: d\r\nX-A: b\r\n c\r\n\r\n")).endsWith("path=/a");
  }

  @Test
  void theAbsoluteFormIsUnderstood() throws IOException {
    assertThat(answerTo("GET http://d/a?b HTTP/1.1\r\nHost: d\r\n\r\n")).endsWith("path=/a");
  }

  @Test
  void tooLongALineOrHeadIsRefused() throws IOException {
    String host = " HTTP/1.1\r\nHost: d\r\n";
    assertThat(answerTo("GET /?" + "x".repeat(15 << 10) + host + "\r\n")).endsWith("path=/");
    assertThat(answerTo("GET /?" + "x".repeat(17 << 10) + host + "\r\n"))
        .startsWith("HTTP/1.1 414 ");
    String field = "X: " + "x".repeat(1000) + "\r\n";
    assertThat(answerTo("GET /" + host + field.repeat(60) + "\r\n")).endsWith("path=/");
    assertThat(answerTo("GET /" + host + field.repeat(70) + "\r\n")).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void endlessTrailersAreRefused() throws IOException {
    assertThat(
            answerTo(
                "POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                    + "X: 1\r\n".repeat(20_000)))
        .doesNotContain("path=");
  }

  @Test
  void http2IsToldThatItIsNotSpokenHere() throws IOException {
    assertThat(answerTo("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).startsWith("HTTP/1.1 505 ");
  }

  @Test
  void aHeadThatDoesNotComeIsGivenUpAndAnIdleConnectionEnded() throws IOException {
    Limits quick = new Limits(1000, 1000, Duration.ofMillis(100), Duration.ofMillis(100));
    try (ServerFixture fixture = new ServerFixture(SAYS_PATH, quick);
        RawClient silent = fixture.raw();
        RawClient slow = fixture.raw();
        RawClient idle = fixture.raw()) {
      slow.sayExactly("GET / HTT");
      idle.say("GET / HTTP/1.1\nHost: d\n\n");
      assertThat(silent.readAll()).isEmpty();
      assertThat(slow.readAll()).startsWith("HTTP/1.1 408 ");
      assertThat(idle.readAll()).endsWith("path=/");
    }
  }

  @Test
  void twoThousandHalfOpenRequestsDoNotStopOthers() throws IOException {
    List<RawClient> half = new ArrayList<>();
    try (ServerFixture fixture = new ServerFixture(SAYS_PATH)) {
      for (int i = 0; i < 2000; i++) {
        half.add(fixture.raw().sayExactly("GET / HTTP/1.1\r\nHost: d\r\nX-Sl"));
      }
      try (RawClient honest = fixture.raw()) {
        assertThat(honest.say("GET /a HTTP/1.1\nHost: d\nConnection: close\n\n").readAll())
            .endsWith("path=/a");
      }
    } finally {
      for (RawClient one : half) {
        one.close();
      }
    }
  }

  @Test
  void aBodyThatStopsComingEndsTheConnection() throws IOException {
    Limits quick =
        new Limits(
            1000, 1000, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(100));

    try (ServerFixture fixture = new ServerFixture(SAYS_PATH, quick);
        RawClient raw = fixture.raw()) {
      raw.sayExactly("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");

      assertThat(raw.readAll()).startsWith("HTTP/1.1 500 ");
    }
  }
}
