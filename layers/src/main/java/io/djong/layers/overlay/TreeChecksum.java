package io.djong.layers.overlay;

import io.djong.layers.tar.Xattrs;
import io.djong.linux.FileInput;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// By what an unpacked tree is known again: one checksum (CRC32C) over names, kinds, modes, owners,
/// sizes, times of change, links, devices, attributes, overlay's marks and all content.
final class TreeChecksum {
  private static final int BLOCK = 4096;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final Root root;
  private final CRC32C sum = new CRC32C();
  private final ByteBuffer numbers = ByteBuffer.allocate(64);
  private final byte[] buffer = new byte[1 << 17];

  /// The files of several names, numbered as they were met.
  private final Map<Long, Integer> linked = new HashMap<>();

  private TreeChecksum(Root root) {
    this.root = root;
  }

  /// The checksum as a word.
  static String of(Root root, RawPath tree) throws IOException {
    TreeChecksum checksum = new TreeChecksum(root);
    checksum.walk(tree);
    return Long.toHexString(checksum.sum.getValue());
  }

  private void walk(RawPath tree) throws IOException {
    Deque<RawPath> todo = new ArrayDeque<>();
    todo.push(RawPath.ROOT);
    while (!todo.isEmpty()) {
      RawPath below = todo.pop();
      RawPath path = tree.resolve(below);
      FileStatus status = root.lstat(path);
      add(below, path, status);
      if (status.isFolder()) {
        List<RawPath> names = root.list(path);
        names.sort(Collections.reverseOrder());
        names.forEach(name -> todo.push(below.resolve(name)));
      }
    }
  }

  private void add(RawPath below, RawPath path, FileStatus status) throws IOException {
    bytes(below.bytes());
    numbers.clear();
    numbers.putInt(status.kind().bits() | status.permissions());
    numbers.putInt(status.uid()).putInt(status.gid());
    numbers.putInt(status.deviceMajor()).putInt(status.deviceMinor());
    // Sizes of folders are the file system's own business.
    numbers.putLong(status.isFolder() ? 0 : status.size());
    numbers.putLong(status.modified().getEpochSecond()).putInt(status.modified().getNano());
    sum.update(numbers.flip());
    if (status.isSymlink()) {
      bytes(root.readlink(path));
      return;
    }
    if (status.isFolder() && OverlayMark.isOpaque(root, path)) {
      sum.update('o');
    }
    if (status.isRegular() || status.isFolder()) {
      for (Map.Entry<String, byte[]> xattr : Xattrs.of(root, path).entrySet()) {
        bytes(xattr.getKey().getBytes(StandardCharsets.UTF_8));
        bytes(xattr.getValue());
      }
    }
    if (status.isRegular() && !isKnown(status)) {
      content(path);
    }
  }

  /// Whether its content was read under another name.
  private boolean isKnown(FileStatus status) {
    if (status.links() == 1) {
      return false;
    }
    int number = linked.size();
    Integer first = linked.putIfAbsent(status.inode(), number);
    numbers.clear().putInt(first == null ? number : first).flip();
    sum.update(numbers);
    return first != null;
  }

  private void bytes(byte[] some) {
    numbers.clear().putInt(some.length).flip();
    sum.update(numbers);
    sum.update(some);
  }

  /// Blocks of zeros count as the holes that they may become when the disk is copied.
  private void content(RawPath path) throws IOException {
    try (FileInput in = root.read(path)) {
      boolean sparse = in.status().blocks() * 512 < in.status().size();
      long position = sparse ? in.skipHole() : 0;
      int got;
      while ((got = in.readNBytes(buffer, 0, buffer.length)) > 0) {
        for (int at = 0; at < got; at += BLOCK) {
          int length = Math.min(BLOCK, got - at);
          if (Arrays.mismatch(buffer, at, at + length, ZEROS, 0, length) >= 0) {
            sum.update(numbers.clear().putLong(position + at).flip());
            sum.update(buffer, at, length);
          }
        }
        position += got;
        position += sparse ? in.skipHole() : 0;
      }
    }
  }
}
