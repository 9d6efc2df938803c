package io.djong.engine.container;

import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig.LogConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.runtime.Stdio;
import io.djong.runtime.Stdio.LogLimits;

/// How a container's streams are connected, from what was asked. Pure.
final class Streams {
  private Streams() {}

  static Stdio of(ContainerRecord container, ContainerFolders folders) {
    return new Stdio(
        container.config().tty(),
        container.config().openStdin(),
        container.config().stdinOnce(),
        folders.log(new ContainerId(container.id())),
        limits(container.host().logConfig()));
  }

  static LogLimits limits(LogConfig log) {
    if (log.type().equals("none")) {
      return new LogLimits(0, 0, true);
    }
    String size = log.config().get("max-size");
    String files = log.config().get("max-file");
    return new LogLimits(
        size == null ? LogLimits.DEFAULT.maxBytes() : bytes(size),
        files == null ? LogLimits.DEFAULT.maxFiles() : number(files),
        false);
  }

  private static int number(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid max-file: " + text, e);
    }
    throw new Fault.Invalid("invalid max-file: " + text);
  }

  /// A number with k, m or g behind it.
  private static long bytes(String text) {
    String lower = text.toLowerCase(java.util.Locale.ROOT);
    int end = lower.length();
    if (end > 1 && lower.charAt(end - 1) == 'b' && !Character.isDigit(lower.charAt(end - 2))) {
      end--;
    }
    int shift = end == 0 ? -1 : "kmg".indexOf(lower.charAt(end - 1));
    String digits = lower.substring(0, shift < 0 ? end : end - 1);
    try {
      long value = Long.parseLong(digits);
      if (value > 0) {
        return value << (10 * (shift + 1));
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid max-size: " + text, e);
    }
    throw new Fault.Invalid("invalid max-size: " + text);
  }
}
