package io.djong.layers.overlay;

import io.djong.linux.FileKind;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How overlayfs says "gone" and "nothing from below" on the disk (kernel documentation,
/// filesystems/overlayfs): a character device 0/0, and an attribute of a folder. And how a layer
/// tar says the same (OCI image specification, Whiteouts).
final class OverlayMark {
  static final String WHITEOUT = ".wh.";
  static final String OPAQUE = ".wh..wh..opq";
  private static final String RESERVED = ".wh..wh.";

  private static final byte[] OPAQUE_XATTR =
      "trusted.overlay.opaque".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] YES = {'y'};

  private OverlayMark() {}

  static boolean isWhiteout(FileStatus status) {
    return status.kind() == FileKind.CHARACTER_DEVICE
        && status.deviceMajor() == 0
        && status.deviceMinor() == 0;
  }

  static void makeWhiteout(Root root, RawPath path) throws IOException {
    root.mknod(path, FileKind.CHARACTER_DEVICE, 0, 0, 0);
  }

  static boolean isOpaque(Root root, RawPath folder) throws IOException {
    byte[] value = root.xattr(folder, OPAQUE_XATTR);
    return value != null && Arrays.equals(value, YES);
  }

  static void makeOpaque(Root root, RawPath folder) throws IOException {
    root.setXattr(folder, OPAQUE_XATTR, YES);
  }

  static boolean isMarker(RawPath name) {
    return startsWith(name, WHITEOUT);
  }

  static boolean isOpaqueMarker(RawPath name) {
    return name.equals(RawPath.of(OPAQUE));
  }

  /// The rest of what aufs kept in layers; it means nothing.
  static boolean isReserved(RawPath name) {
    return startsWith(name, RESERVED);
  }

  /// The name that a whiteout removes, or the root if there is none.
  static RawPath removedName(RawPath marker) {
    byte[] bytes = marker.bytes();
    return RawPath.of(Arrays.copyOfRange(bytes, WHITEOUT.length(), bytes.length));
  }

  static RawPath marker(RawPath path) {
    byte[] name = path.name().bytes();
    byte[] marker = Arrays.copyOf(WHITEOUT.getBytes(StandardCharsets.US_ASCII), 4 + name.length);
    System.arraycopy(name, 0, marker, 4, name.length);
    return path.parent().resolve(marker);
  }

  private static boolean startsWith(RawPath name, String prefix) {
    byte[] bytes = name.bytes();
    return bytes.length >= prefix.length()
        && new String(bytes, 0, prefix.length(), StandardCharsets.ISO_8859_1).equals(prefix);
  }
}
