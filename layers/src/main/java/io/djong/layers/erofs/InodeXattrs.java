package io.djong.layers.erofs;

import io.djong.layers.tar.Xattrs;
import io.djong.linux.FileKind;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/// Extended attributes as they stand behind an inode.
final class InodeXattrs {
  private static final String CAPABILITY = "security.capability";
  private static final int MAX_NAME = 255;
  private static final int MAX_VALUE = 65535;

  /// Of all of one inode: the count of four-byte units has sixteen bits.
  private static final int MAX_SIZE = 65534 * 4;

  private InodeXattrs() {}

  /// Whether the kernel would take one of an archive for an inode of this kind (`xattr(7)`): users'
  /// own are only for files and folders.
  static boolean isKept(FileKind kind, String name) {
    boolean plain = kind == FileKind.REGULAR || kind == FileKind.FOLDER;
    return Xattrs.isCarried(name) && (plain || name.equals(CAPABILITY));
  }

  /// @throws Fault.Invalid if the kernel would not take it
  static void check(RawPath subject, String name, byte[] value) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    int prefix = prefix(name);
    if (bytes.length == prefix || bytes.length > MAX_NAME || value.length > MAX_VALUE) {
      throw refused(subject, name, "too long, or without a name");
    }
    if (name.equals(CAPABILITY) && !isCapability(value)) {
      throw refused(subject, name, "no file capability");
    }
  }

  static void checkSize(RawPath subject, SortedMap<String, byte[]> xattrs) {
    if (size(xattrs) > MAX_SIZE) {
      throw refused(subject, xattrs.firstKey(), "with the others more than 256 KiB");
    }
  }

  private static Fault.Invalid refused(RawPath subject, String name, String why) {
    return new Fault.Invalid(
        "refused to unpack \"" + subject + "\": its attribute " + name + ": " + why);
  }

  /// `capabilities(7)`: revision 2 has two pairs of sets, 3 a user as well.
  private static boolean isCapability(byte[] value) {
    if (value.length != 20 && value.length != 24) {
      return false;
    }
    int revision = value[3];
    return revision == (value.length == 20 ? 2 : 3);
  }

  /// Bytes behind the inode; a multiple of four.
  static int size(SortedMap<String, byte[]> xattrs) {
    if (xattrs.isEmpty()) {
      return 0;
    }
    int size = IndexFormat.XATTR_HEADER;
    for (Map.Entry<String, byte[]> xattr : xattrs.entrySet()) {
      int name = xattr.getKey().getBytes(StandardCharsets.UTF_8).length - prefix(xattr.getKey());
      size += (int) IndexFormat.align(IndexFormat.XATTR_ENTRY + name + xattr.getValue().length, 4);
    }
    return size;
  }

  /// The number of units that an inode says it has.
  static int count(int size) {
    return size == 0 ? 0 : 1 + (size - IndexFormat.XATTR_HEADER) / 4;
  }

  static byte[] encode(SortedMap<String, byte[]> xattrs) {
    ByteBuffer out = ByteBuffer.allocate(size(xattrs)).order(ByteOrder.LITTLE_ENDIAN);
    if (xattrs.isEmpty()) {
      return out.array();
    }
    out.position(IndexFormat.XATTR_HEADER);
    for (Map.Entry<String, byte[]> xattr : xattrs.entrySet()) {
      byte[] name = xattr.getKey().getBytes(StandardCharsets.UTF_8);
      int prefix = prefix(xattr.getKey());
      out.put((byte) (name.length - prefix));
      out.put(index(xattr.getKey()));
      out.putShort((short) xattr.getValue().length);
      out.put(name, prefix, name.length - prefix);
      out.put(xattr.getValue());
      out.position((int) IndexFormat.align(out.position(), 4));
    }
    return out.array();
  }

  /// Bytes of the part of a name that the format has a number for.
  private static int prefix(String name) {
    return name.indexOf('.') + 1;
  }

  private static byte index(String name) {
    if (name.startsWith("user.")) {
      return 1;
    }
    if (name.startsWith("trusted.")) {
      return 4;
    }
    if (name.startsWith("security.")) {
      return 6;
    }
    throw new IllegalArgumentException("an attribute that is not kept: " + name);
  }
}
