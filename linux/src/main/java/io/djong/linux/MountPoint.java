package io.djong.linux;

import io.djong.model.RawPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One line of `/proc/self/mountinfo` (`proc_pid_mountinfo(5)`).
///
/// @param path where it is mounted, below `/`
/// @param source as the file system shows it
/// @param options of the mount itself and then of its file system
public record MountPoint(RawPath path, String type, String source, List<String> options) {
  public MountPoint {
    options = List.copyOf(options);
  }

  static List<MountPoint> parse(byte[] mountinfo) {
    List<MountPoint> points = new ArrayList<>();
    // One char a byte, so that paths in any encoding come through.
    for (String line : new String(mountinfo, StandardCharsets.ISO_8859_1).lines().toList()) {
      List<String> fields = List.of(line.split(" ", -1));
      int separator = fields.indexOf("-");
      List<String> options = new ArrayList<>(List.of(fields.get(5).split(",", -1)));
      options.addAll(List.of(fields.get(separator + 3).split(",", -1)));
      points.add(
          new MountPoint(
              RawPath.of(unescape(fields.get(4))),
              fields.get(separator + 1),
              new String(unescape(fields.get(separator + 2)), StandardCharsets.UTF_8),
              options));
    }
    return points;
  }

  /// The kernel writes blanks and backslashes as three octal digits.
  private static byte[] unescape(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return bytes.toByteArray();
  }
}
