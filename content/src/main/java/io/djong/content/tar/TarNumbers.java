package io.djong.content.tar;

import io.djong.model.Fault;
import java.time.DateTimeException;
import java.time.Instant;

/// The numbers in headers: octal text, GNU's base-256, and the decimal texts of extended headers.
final class TarNumbers {
  private static final int BASE_256 = 0x80;
  private static final int BASE_256_NEGATIVE = 0x40;

  private TarNumbers() {}

  /// A number field; blank is 0.
  static long field(byte[] block, int offset, int length, String what) {
    if ((block[offset] & BASE_256) != 0) {
      return base256(block, offset, length, what);
    }
    int at = offset;
    int end = offset + length;
    while (at < end && (block[at] == ' ' || block[at] == 0)) {
      at++;
    }
    while (end > at && (block[end - 1] == ' ' || block[end - 1] == 0)) {
      end--;
    }
    long value = 0;
    for (; at < end; at++) {
      int digit = block[at] - '0';
      if (digit < 0 || digit > 7) {
        // Some writers end a number by NUL and leave what was behind it.
        if (block[at] == 0 || block[at] == ' ') {
          break;
        }
        throw new Fault.Invalid("the " + what + " in the header is no octal number");
      }
      value = value << 3 | digit;
    }
    return value;
  }

  private static long base256(byte[] block, int offset, int length, String what) {
    boolean negative = (block[offset] & BASE_256_NEGATIVE) != 0;
    long value = negative ? -1 : 0;
    for (int i = 0; i < length; i++) {
      int b = Byte.toUnsignedInt(block[offset + i]);
      if (i == 0) {
        b = negative ? b : b & ~BASE_256;
      }
      if (value != (value << 8) >> 8) {
        throw new Fault.Invalid("the " + what + " in the header is too large");
      }
      value = value << 8 | b;
    }
    return value;
  }

  static int id(long value, String what) {
    // Above 2^32-2 there are no ids; the last number is the kernel's "leave as it is".
    if (value < 0 || value >= 0xffffffffL) {
      throw new Fault.Invalid("the " + what + " " + value + " is out of range");
    }
    return (int) value;
  }

  static long decimal(String text, String what) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("the " + what + " \"" + shown(text) + "\" is no number", e);
    }
  }

  static Instant time(long seconds, String what) {
    return time(seconds, 0, what);
  }

  private static Instant time(long seconds, int nanos, String what) {
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException | ArithmeticException e) {
      throw new Fault.Invalid("the " + what + " " + seconds + " is out of range", e);
    }
  }

  /// A time with a fraction as POSIX writes it: `-1.25` is a quarter second before `-1`.
  static Instant decimalTime(String text, String what) {
    int dot = text.indexOf('.');
    String whole = dot < 0 ? text : text.substring(0, dot);
    String fraction = dot < 0 ? "" : text.substring(dot + 1);
    boolean negative = whole.startsWith("-");
    long seconds = whole.isEmpty() || whole.equals("-") ? 0 : decimal(whole, what);
    int nanos = 0;
    for (int i = 0; i < fraction.length(); i++) {
      char c = fraction.charAt(i);
      if (c < '0' || c > '9') {
        throw new Fault.Invalid("the " + what + " \"" + shown(text) + "\" is no time");
      }
    }
    for (int i = 0; i < 9; i++) {
      nanos = nanos * 10 + (i < fraction.length() ? fraction.charAt(i) - '0' : 0);
    }
    if (seconds == Long.MIN_VALUE) {
      throw new Fault.Invalid("the " + what + " is out of range");
    }
    return negative && nanos > 0
        ? time(seconds - 1, 1_000_000_000 - nanos, what)
        : time(seconds, nanos, what);
  }

  /// The other way round; the shortest text.
  static String decimalTime(Instant time) {
    long seconds = time.getEpochSecond();
    int nanos = time.getNano();
    if (nanos == 0) {
      return Long.toString(seconds);
    }
    String sign = "";
    if (seconds < 0) {
      sign = "-";
      seconds = -(seconds + 1);
      nanos = 1_000_000_000 - nanos;
    }
    StringBuilder fraction =
        new StringBuilder(Integer.toString(1_000_000_000 + nanos).substring(1));
    while (fraction.charAt(fraction.length() - 1) == '0') {
      fraction.setLength(fraction.length() - 1);
    }
    return sign + seconds + "." + fraction;
  }

  private static String shown(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
