package io.djong.engine.volume;

import io.djong.linux.Errno;
import io.djong.linux.KernelException;
import io.djong.linux.ProjectQuota;
import io.djong.model.Fault;
import io.djong.model.record.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The option `size` of volumes: of one in memory its own limit, of any other a quota of the file
/// system that the volume lies on.
final class VolumeSize {
  private VolumeSize() {}

  /// In bytes, 0 if there is no limit.
  ///
  /// @throws Fault.Invalid in Docker's words if it is no size
  static long of(Map<String, String> options) {
    String text = options.get("size");
    if (text == null) {
      return 0;
    }
    String number = text.toLowerCase(Locale.ROOT).replaceFirst("(i?b)$", "");
    int power = number.isEmpty() ? 0 : "bkmgtp".indexOf(number.charAt(number.length() - 1));
    if (power > 0) {
      number = number.substring(0, number.length() - 1);
    }
    try {
      long size =
          Math.multiplyExact(Long.parseLong(number.strip()), 1L << (10 * Math.max(0, power)));
      if (size > 0) {
        return size;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new Fault.Invalid("invalid size: '" + text + "'", e);
    }
    throw new Fault.Invalid("invalid size: '" + text + "'");
  }

  /// Limits a new volume if that was asked for.
  ///
  /// @throws Fault.Invalid if the file system cannot
  static void limit(String volume, Path data, Map<String, String> options) throws IOException {
    long size = of(options);
    if (size == 0 || isMemory(options)) {
      return;
    }
    if (options.containsKey("device")) {
      throw new Fault.Invalid(
          "create "
              + volume
              + ": a size cannot be set for files that lie on a device of their own");
    }
    try {
      ProjectQuota.limit(data, size);
    } catch (KernelException e) {
      if (!isMissing(e)) {
        throw e;
      }
      throw new Fault.Invalid(
          "create "
              + volume
              + ": quota size requested but no quota support: "
              + data.getParent()
              + " lies on a file system without project quotas (mount it with prjquota), or use"
              + " -o type=tmpfs -o device=tmpfs",
          e);
    }
  }

  /// Takes the limit away with the volume.
  static void forget(Path data, @Nullable VolumeRecord volume) throws IOException {
    if (volume == null || !volume.options().containsKey("size") || isMemory(volume.options())) {
      return;
    }
    try {
      ProjectQuota.forget(data);
    } catch (KernelException e) {
      if (!isMissing(e)) {
        throw e;
      }
    }
  }

  private static boolean isMemory(Map<String, String> options) {
    return "tmpfs".equals(options.get("type"));
  }

  private static boolean isMissing(KernelException e) {
    return switch (e.errno()) {
      case Errno.ESRCH,
          Errno.ENOSYS,
          Errno.EOPNOTSUPP,
          Errno.EINVAL,
          Errno.ENOTTY,
          Errno.ENODEV,
          Errno.ENOENT ->
          true;
      default -> false;
    };
  }
}
