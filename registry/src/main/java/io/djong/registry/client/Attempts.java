package io.djong.registry.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Counts how often in a row something failed, and waits longer each time. For one thread.
final class Attempts {
  private static final int MOST = 5;
  private static final long FIRST_MILLIS = 300;
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Pause pause;
  private int failed;

  Attempts(Pause pause) {
    this.pause = pause;
  }

  /// It went forward: what failed before does not count any more.
  void progress() {
    failed = 0;
  }

  /// Waits before the next attempt.
  ///
  /// @return false if there were enough
  boolean again(@Nullable String retryAfter) throws InterruptedIOException {
    if (++failed >= MOST) {
      return false;
    }
    Duration asked = asked(retryAfter);
    long most = FIRST_MILLIS << failed;
    pause.of(
        asked != null
            ? asked
            : Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most)));
    return true;
  }

  /// As [#again(String)], after an exception, which is thrown if there were enough.
  void again(IOException failure) throws IOException {
    // An interrupted thread's sockets are closed: that is no fault of the server.
    if ((failure instanceof InterruptedIOException && !isTimeout(failure))
        || Thread.currentThread().isInterrupted()
        || !again((String) null)) {
      throw failure;
    }
  }

  private static boolean isTimeout(IOException failure) {
    return failure instanceof java.net.SocketTimeoutException;
  }

  /// Whether a status says that it may be otherwise in a while.
  static boolean mayPass(int status) {
    return status == 429 || status == 408 || (status >= 500 && status != 501 && status != 505);
  }

  /// Whether a status may say that the server is asked too much.
  static boolean asksForLess(int status) {
    return status == 429 || status == 503;
  }

  /// RFC 9110, Retry-After: seconds, or a date. Never longer than a minute.
  private static @Nullable Duration asked(@Nullable String retryAfter) {
    if (retryAfter == null || retryAfter.isBlank()) {
      return null;
    }
    String text = retryAfter.strip();
    Duration asked;
    try {
      asked =
          text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9')
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(
                  Instant.now(),
                  ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return null;
    }
    return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
