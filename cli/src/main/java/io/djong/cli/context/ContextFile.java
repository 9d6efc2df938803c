package io.djong.cli.context;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/// A file, folder or link of a context as it was found.
///
/// @param path below the context's root
/// @param mode its kind and permissions, as `stat(2)` has them
/// @param size in bytes
/// @param changed when anything of it was changed
/// @param device and `inode` which file it is
public record ContextFile(
    String path,
    int mode,
    int uid,
    int gid,
    long size,
    Instant modified,
    Instant changed,
    long device,
    long inode) {
  private static final String ATTRIBUTES = "unix:mode,uid,gid,ino,dev,size,lastModifiedTime,ctime";

  private static final int KIND = 0170000;
  private static final int FOLDER = 0040000;
  private static final int FILE = 0100000;
  private static final int PERMISSIONS = 07777;

  /// Looks at one; a link is not followed.
  static ContextFile look(Path file, String path) throws IOException {
    Map<String, Object> is = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    return new ContextFile(
        path,
        (int) of(is, "mode"),
        (int) of(is, "uid"),
        (int) of(is, "gid"),
        (long) of(is, "size"),
        ((FileTime) of(is, "lastModifiedTime")).toInstant(),
        ((FileTime) of(is, "ctime")).toInstant(),
        (long) of(is, "dev"),
        (long) of(is, "ino"));
  }

  private static Object of(Map<String, Object> attributes, String name) {
    return Objects.requireNonNull(attributes.get(name), name);
  }

  boolean isFolder() {
    return (mode & KIND) == FOLDER;
  }

  /// Whether it is a regular file.
  boolean isFile() {
    return (mode & KIND) == FILE;
  }

  int permissions() {
    return mode & PERMISSIONS;
  }

  /// What is different after every change of it.
  String look() {
    return device + ":" + inode + ':' + size + ':' + text(modified) + ':' + text(changed);
  }

  private static String text(Instant time) {
    return time.getEpochSecond() + "." + time.getNano();
  }
}
