package io.djong.registry;

import org.jspecify.annotations.Nullable;

/// Where the next page of a list is (RFC 8288, as the OCI distribution specification uses it in
/// Content Discovery).
public final class PageLink {
  private PageLink() {}

  /// The value of a `Link` header.
  public static String next(String target) {
    return "<" + target + ">; rel=\"next\"";
  }

  /// The target of a `Link` header's next page, relative or not; null if it names none.
  public static @Nullable String target(@Nullable String header) {
    if (header == null) {
      return null;
    }
    int open = header.indexOf('<');
    int close = header.indexOf('>', open + 1);
    if (open < 0 || close < 0) {
      return null;
    }
    String parameters = header.substring(close + 1).replace(" ", "");
    return parameters.contains("rel=\"next\"") || parameters.contains("rel=next")
        ? header.substring(open + 1, close)
        : null;
  }
}
