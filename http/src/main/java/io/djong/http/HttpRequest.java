package io.djong.http;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request as the server received it (RFC 9110, RFC 9112). For the handler's thread; the body may
/// be read by another one.
public interface HttpRequest {
  /// Upper case.
  String method();

  /// The path, percent-decoded, without the query. Never empty; begins with `/`. An encoded slash
  /// is a slash here: use [#rawPath] where that matters.
  String path();

  String rawPath();

  /// Query parameters, percent-decoded, in the order given.
  Map<String, List<String>> query();

  /// The first value of a header, whatever the case of its name.
  @Nullable String header(String name);

  /// The body, unframed; at its end at once if there is none. Reading past what the client sent
  /// before it went away throws an [java.io.IOException].
  InputStream body();

  /// Has the listener run, on a virtual thread of its own, once the client went away: it closed the
  /// connection, or, while this is no raw stream, shut down its side of it. At once if that is so
  /// already; never if the client stays to the answer's end. A client that sent further requests
  /// meanwhile, or went away over TCP from a raw stream it had half closed, may be noticed as late
  /// as the next write.
  void onDisconnect(Runnable listener);

  /// Who is at the other end: an address, or `unix:pid=…,uid=…`.
  String peer();

  /// Whether the request came over TLS.
  default boolean isSecure() {
    return false;
  }

  /// The common name of the certificate that the client proved to have; null if it proved none.
  default @Nullable String certifiedName() {
    return null;
  }
}
