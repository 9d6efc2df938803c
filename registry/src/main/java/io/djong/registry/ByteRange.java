package io.djong.registry;

import org.jspecify.annotations.Nullable;

/// A stretch of bytes, `first` and `last` counted from 0 and both meant (RFC 9110, Range Requests;
/// OCI distribution specification, Pushing a blob in chunks).
public record ByteRange(long first, long last) {
  /// @throws IllegalArgumentException if it holds no byte
  public ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("no range: " + first + "-" + last);
    }
  }

  /// In bytes.
  public long length() {
    return last - first + 1;
  }

  /// Reads a `Range` header for content of this size.
  ///
  /// @return null if it is to be passed over: no `bytes=`, several ranges, or nonsense
  /// @throws RegistryFault with `RANGE_INVALID` if it is one range, and none of its bytes are there
  public static @Nullable ByteRange ofRequest(String header, long size) {
    String text = header.strip();
    if (!text.startsWith("bytes=") || text.indexOf(',') >= 0) {
      return null;
    }
    String spec = text.substring("bytes=".length()).strip();
    int dash = spec.indexOf('-');
    if (dash < 0) {
      return null;
    }
    String from = spec.substring(0, dash);
    String to = spec.substring(dash + 1);
    if ((from.isEmpty() && to.isEmpty()) || !isNumber(from) || !isNumber(to)) {
      return null;
    }
    long first = from.isEmpty() ? Math.max(0, size - Long.parseLong(to)) : Long.parseLong(from);
    long last = from.isEmpty() || to.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(to));
    if (!from.isEmpty() && !to.isEmpty() && Long.parseLong(to) < first) {
      return null;
    }
    if (first >= size || last < first) {
      throw new RegistryFault(RegistryError.RANGE_INVALID, "no byte of " + size + " is in " + spec);
    }
    return new ByteRange(first, last);
  }

  /// Reads `FIRST-LAST`, as uploads say it, or with `bytes ` or `bytes=` before it and a size after
  /// a slash.
  ///
  /// @return null if it is nothing of the kind
  public static @Nullable ByteRange parse(String header) {
    String text = header.strip();
    if (text.startsWith("bytes ") || text.startsWith("bytes=")) {
      text = text.substring("bytes ".length()).strip();
    }
    int slash = text.indexOf('/');
    String range = slash < 0 ? text : text.substring(0, slash);
    int dash = range.indexOf('-');
    if (dash <= 0 || dash == range.length() - 1) {
      return null;
    }
    String from = range.substring(0, dash);
    String to = range.substring(dash + 1);
    if (!isNumber(from) || !isNumber(to) || Long.parseLong(to) < Long.parseLong(from)) {
      return null;
    }
    return new ByteRange(Long.parseLong(from), Long.parseLong(to));
  }

  /// `bytes FIRST-LAST/SIZE`, the `Content-Range` of an answer.
  public String of(long size) {
    return "bytes " + first + "-" + last + "/" + size;
  }

  /// `FIRST-LAST`.
  @Override
  public String toString() {
    return first + "-" + last;
  }

  private static boolean isNumber(String text) {
    return text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
