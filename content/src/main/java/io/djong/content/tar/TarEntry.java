package io.djong.content.tar;

import io.djong.model.RawPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One header of an archive (POSIX pax and ustar, GNU tar's additions). Arrays are shared, not
/// copied: leave them as they are.
///
/// @param name as it stands in the archive, but for slashes and dots that mean nothing; `..` may be
///   in it and leads wherever the archive's writer wanted
/// @param permissions the lower twelve bits of the mode
/// @param size of the content when it is unpacked, in bytes; 0 unless this is a file
/// @param linkName what a symbolic link says, or the name of the entry that a hard link is one more
///   name of; empty for other kinds; not to be changed
/// @param deviceMajor 0 unless this is a device
/// @param xattrs values by their names, as `SCHILY.xattr.` records give them
// A link says any bytes; entries are never compared.
@SuppressWarnings("ArrayRecordComponent")
public record TarEntry(
    Kind kind,
    RawPath name,
    int permissions,
    int uid,
    int gid,
    long size,
    Instant modified,
    @Nullable Instant accessed,
    byte[] linkName,
    int deviceMajor,
    int deviceMinor,
    SortedMap<String, byte[]> xattrs) {

  /// What an entry becomes when it is unpacked; the flag is its `typeflag`.
  public enum Kind {
    FILE('0'),
    HARD_LINK('1'),
    SYMLINK('2'),
    CHARACTER_DEVICE('3'),
    BLOCK_DEVICE('4'),
    FOLDER('5'),
    FIFO('6');

    private final byte flag;

    Kind(char flag) {
      this.flag = (byte) flag;
    }

    byte flag() {
      return flag;
    }
  }

  public TarEntry {
    // Hundreds of thousands of entries may be in the heap, and few have any.
    xattrs =
        xattrs.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
  }

  /// A file of root's.
  public static TarEntry file(String name, int permissions, long size, Instant modified) {
    return plain(Kind.FILE, name, permissions, size, modified);
  }

  /// A folder of root's.
  public static TarEntry folder(String name, int permissions, Instant modified) {
    return plain(Kind.FOLDER, name, permissions, 0, modified);
  }

  /// A symbolic link of root's.
  public static TarEntry symlink(String name, String target, Instant modified) {
    return plain(Kind.SYMLINK, name, 0777, 0, modified)
        .withLinkName(target.getBytes(StandardCharsets.UTF_8));
  }

  /// One more name for an entry of the same archive.
  public static TarEntry hardLink(String name, String target, Instant modified) {
    return plain(Kind.HARD_LINK, name, 0644, 0, modified)
        .withLinkName(target.getBytes(StandardCharsets.UTF_8));
  }

  private static TarEntry plain(
      Kind kind, String name, int permissions, long size, Instant modified) {
    byte[] none = new byte[0];
    return new TarEntry(
        kind,
        RawPath.of(name),
        permissions,
        0,
        0,
        size,
        modified,
        null,
        none,
        0,
        0,
        Collections.emptySortedMap());
  }

  public TarEntry withName(RawPath newName) {
    return new TarEntry(
        kind,
        newName,
        permissions,
        uid,
        gid,
        size,
        modified,
        accessed,
        linkName,
        deviceMajor,
        deviceMinor,
        xattrs);
  }

  public TarEntry withLinkName(byte[] newLinkName) {
    return new TarEntry(
        kind,
        name,
        permissions,
        uid,
        gid,
        size,
        modified,
        accessed,
        newLinkName,
        deviceMajor,
        deviceMinor,
        xattrs);
  }

  public TarEntry withOwner(int newUid, int newGid) {
    return new TarEntry(
        kind,
        name,
        permissions,
        newUid,
        newGid,
        size,
        modified,
        accessed,
        linkName,
        deviceMajor,
        deviceMinor,
        xattrs);
  }

  public TarEntry withXattrs(SortedMap<String, byte[]> newXattrs) {
    return new TarEntry(
        kind,
        name,
        permissions,
        uid,
        gid,
        size,
        modified,
        accessed,
        linkName,
        deviceMajor,
        deviceMinor,
        newXattrs);
  }
}
