package io.djong.cli.flag;

import java.math.BigDecimal;
import java.util.Locale;

/// Sizes as people write them.
final class Bytes {
  private Bytes() {}

  /// Reads `512`, `512b`, `1.5k`, `64m`, `64mb`, `64MiB`, `2g`, `1t`; units are powers of 1024.
  static long parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int end = lower.length();
    while (end > 0 && "bkmgtpi".indexOf(lower.charAt(end - 1)) >= 0) {
      end--;
    }
    String unit = lower.substring(end);
    int shift =
        switch (unit) {
          case "", "b" -> 0;
          case "k", "kb", "kib" -> 10;
          case "m", "mb", "mib" -> 20;
          case "g", "gb", "gib" -> 30;
          case "t", "tb", "tib" -> 40;
          case "p", "pb", "pib" -> 50;
          default -> throw new NumberFormatException("unknown unit " + unit);
        };
    BigDecimal bytes =
        new BigDecimal(lower.substring(0, end).strip()).multiply(BigDecimal.valueOf(1L << shift));
    if (bytes.signum() < 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new NumberFormatException("out of range");
    }
    return bytes.longValue();
  }
}
