package io.djong.http.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request's head must be beyond what the decoder checks (RFC 9112). A server that guesses
/// where a request ends can be made to answer requests nobody sent.
final class RequestRules {
  private RequestRules() {}

  /// The status to refuse the request with, or null.
  static @Nullable HttpResponseStatus refusal(HttpRequest head) {
    Throwable malformed = head.decoderResult().cause();
    if (malformed != null) {
      return switch (malformed) {
        case TooLongHttpLineException line -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
        case TooLongHttpHeaderException headers ->
            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
        default -> HttpResponseStatus.BAD_REQUEST;
      };
    }
    // HTTP/2 begins with "PRI * HTTP/2.0": the place where h2c branches off.
    if (head.protocolVersion().majorVersion() != 1) {
      return HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED;
    }
    boolean old = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    HttpHeaders headers = head.headers();
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    boolean named = hosts.size() == 1 ? hosts.getFirst().indexOf(' ') < 0 : hosts.isEmpty() && old;
    if (!isToken(head.method().name()) || !named) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.isEmpty()) {
      return null;
    }
    if (old || codings.size() > 1) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    return codings.getFirst().equalsIgnoreCase("chunked")
        ? null
        : HttpResponseStatus.NOT_IMPLEMENTED;
  }

  private static boolean isToken(String method) {
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      if ((c < 'A' || c > 'Z') && c != '-') {
        return false;
      }
    }
    return !method.isEmpty();
  }
}
