package io.djong.layers.tar;

import io.djong.linux.Errno;
import io.djong.linux.FileInput;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which extended attributes travel in archives. An archive must not be able to say what only this
/// machine may: `trusted.overlay.*` and `user.overlay.*` steer the overlay, `security.selinux` is
/// the host's policy.
public final class Xattrs {
  private static final String CAPABILITY = "security.capability";

  private Xattrs() {}

  /// Whether an attribute is written to archives and applied from them: file capabilities and what
  /// users set.
  public static boolean isCarried(String name) {
    return name.equals(CAPABILITY)
        || (name.startsWith("user.") && !name.startsWith("user.overlay."));
  }

  /// What is to be carried of the attributes of an inode, of a link its own.
  public static SortedMap<String, byte[]> of(Root root, RawPath path) throws IOException {
    SortedMap<String, byte[]> carried = new TreeMap<>();
    for (byte[] name : root.xattrs(path)) {
      String text = new String(name, StandardCharsets.UTF_8);
      if (isCarried(text)) {
        byte[] value = root.xattr(path, name);
        if (value != null) {
          carried.put(text, value);
        }
      }
    }
    return carried;
  }

  /// What is to be carried of the attributes of an open file.
  static SortedMap<String, byte[]> of(FileInput file) throws IOException {
    SortedMap<String, byte[]> carried = new TreeMap<>();
    for (byte[] name : file.xattrs()) {
      String text = new String(name, StandardCharsets.UTF_8);
      if (isCarried(text)) {
        byte[] value = file.xattr(name);
        if (value != null) {
          carried.put(text, value);
        }
      }
    }
    return carried;
  }

  static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  @FunctionalInterface
  interface Setting {
    void run() throws IOException;
  }

  /// Sets one if it can be: some file systems, and some kinds of files, keep none.
  static void set(Setting setting) throws IOException {
    try {
      setting.run();
    } catch (KernelException e) {
      if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.EPERM) {
        throw e;
      }
    }
  }
}
