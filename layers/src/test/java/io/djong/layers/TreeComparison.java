package io.djong.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.layers.tar.Xattrs;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// Two trees side by side, by all that a program can see of them.
public final class TreeComparison {
  private TreeComparison() {}

  /// What is to be equal beside names, kinds, content, modes, owners, links, devices and
  /// attributes.
  public enum Times {
    ALL,

    /// Not those of folders: what unpacks a layer without an entry for a folder has to make one up.
    FILES
  }

  /// All of a tree as text, by its paths.
  public static Map<String, String> of(Root root, Times times) throws IOException {
    Map<String, String> seen = new LinkedHashMap<>();
    Map<Long, RawPath> inodes = new HashMap<>();
    Deque<RawPath> todo = new ArrayDeque<>();
    todo.push(RawPath.ROOT);
    while (!todo.isEmpty()) {
      RawPath path = todo.pop();
      FileStatus status = root.lstat(path);
      String name = new String(path.bytes(), StandardCharsets.ISO_8859_1);
      seen.put(name, text(root, path, status, times, inodes));
      if (status.isFolder()) {
        List<RawPath> names = root.list(path);
        assertThat(names).as(name).doesNotHaveDuplicates();
        names.sort(java.util.Collections.reverseOrder());
        names.forEach(child -> todo.push(path.resolve(child)));
      }
    }
    return seen;
  }

  private static String text(
      Root root, RawPath path, FileStatus status, Times times, Map<Long, RawPath> inodes)
      throws IOException {
    StringBuilder text = new StringBuilder(status.kind().toString());
    text.append(" %o %d:%d".formatted(status.permissions(), status.uid(), status.gid()));
    if (!status.isFolder() || times == Times.ALL) {
      text.append(' ').append(status.modified());
    }
    if (!status.isFolder()) {
      text.append(" size ").append(status.size());
      text.append(" device ").append(status.deviceMajor()).append(',').append(status.deviceMinor());
      if (status.links() > 1) {
        RawPath first = inodes.putIfAbsent(status.inode(), path);
        text.append(" same as ").append(first == null ? path : first);
        text.append(" of ").append(status.links());
      }
    }
    if (status.isSymlink()) {
      text.append(" -> ").append(HexFormat.of().formatHex(root.readlink(path)));
    } else if (status.isRegular()) {
      text.append(" content ").append(content(root, path, status.size()));
    }
    Xattrs.of(root, path)
        .forEach((key, value) -> text.append(' ' + key + '=' + HexFormat.of().formatHex(value)));
    return text.toString();
  }

  private static String content(Root root, RawPath path, long size) throws IOException {
    CRC32C checksum = new CRC32C();
    long length = 0;
    try (InputStream in = root.read(path)) {
      byte[] buffer = new byte[1 << 16];
      int got;
      while ((got = in.read(buffer)) >= 0) {
        checksum.update(buffer, 0, got);
        length += got;
      }
    }
    assertThat(length).isEqualTo(size);
    return Long.toHexString(checksum.getValue());
  }
}
