package io.djong.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Kernel parameters, by their path below `/proc/sys` (`net/ipv4/ip_forward`). Those of the network
/// belong to the namespace of the calling thread.
public final class Sysctl {
  private static final Path ROOT = Path.of("/proc/sys");

  private Sysctl() {}

  public static String read(String parameter) throws IOException {
    byte[] buffer = new byte[4096];
    // One read: at an offset other than 0 the kernel says end of file, whatever there is.
    try (InputStream file = Files.newInputStream(ROOT.resolve(parameter))) {
      int length = Math.max(0, file.read(buffer));
      return new String(buffer, 0, length, StandardCharsets.UTF_8).strip();
    }
  }

  /// Writes a parameter unless it has that value already.
  public static void write(String parameter, String value) throws IOException {
    if (!read(parameter).equals(value)) {
      Files.writeString(ROOT.resolve(parameter), value);
    }
  }

  /// Like [#write], for parameters that some kernels lack.
  ///
  /// @return whether the kernel has it
  public static boolean writeIfPresent(String parameter, String value) throws IOException {
    try {
      write(parameter, value);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
