package io.djong.linux;

import java.time.Instant;

/// What the kernel knows of an inode (`statx(2)`).
///
/// @param permissions the lower twelve bits of the mode, with setuid, setgid and sticky
/// @param deviceMajor the device that this inode *is*; 0 unless it is a device
/// @param size in bytes; of a symbolic link the length of its target
/// @param blocks taken on the disk, of 512 bytes
/// @param fileSystem the device that this inode is on, major and minor in one number
/// @param accessed with nanoseconds, as are the other times
public record FileStatus(
    FileKind kind,
    int permissions,
    int uid,
    int gid,
    int deviceMajor,
    int deviceMinor,
    long size,
    long blocks,
    int links,
    long inode,
    long fileSystem,
    Instant accessed,
    Instant modified,
    Instant changed) {

  public boolean isFolder() {
    return kind == FileKind.FOLDER;
  }

  public boolean isRegular() {
    return kind == FileKind.REGULAR;
  }

  public boolean isSymlink() {
    return kind == FileKind.SYMLINK;
  }

  FileStatus withOwner(int newUid, int newGid) {
    return new FileStatus(
        kind,
        permissions,
        newUid,
        newGid,
        deviceMajor,
        deviceMinor,
        size,
        blocks,
        links,
        inode,
        fileSystem,
        accessed,
        modified,
        changed);
  }

  /// Whether both are the same inode.
  public boolean sameFileAs(FileStatus other) {
    return inode == other.inode && fileSystem == other.fileSystem;
  }
}
