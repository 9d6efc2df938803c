package io.djong.cli.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Sizes for people, with the digits that Docker shows.
public final class Sizes {
  private static final String[] DECIMAL = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Sizes() {}

  /// Three digits and a power of 1000: `4.26MB`.
  public static String decimal(long bytes) {
    return text(bytes, 1000, DECIMAL, 3);
  }

  /// Four digits and a power of 1000: `4.263MB`, where sums are shown.
  public static String precise(long bytes) {
    return text(bytes, 1000, DECIMAL, 4);
  }

  /// Four digits and a power of 1024: `7.757GiB`.
  public static String binary(long bytes) {
    return text(bytes, 1024, BINARY, 4);
  }

  private static String text(long bytes, int step, String[] units, int digits) {
    double size = bytes;
    int unit = 0;
    while (size >= step && unit < units.length - 1) {
      size /= step;
      unit++;
    }
    BigDecimal rounded =
        new BigDecimal(size).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    if (rounded.signum() == 0) {
      return "0" + units[unit];
    }
    return rounded.stripTrailingZeros().toPlainString() + units[unit];
  }
}
