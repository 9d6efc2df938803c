package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.security.SecureRandom;

/// Limits what a folder and everything below it may take on the disk: the folder becomes a project
/// of its file system (`quotactl_fd(2)`, Linux 5.14). Ext4 and XFS have them where they are mounted
/// with `prjquota`.
public final class ProjectQuota {
  private static final int PROJECTS = 2;
  private static final int GET = ('X' << 8) + 3;
  private static final int SET = ('X' << 8) + 4;
  private static final byte VERSION = 1;
  private static final byte PROJECT_QUOTA = 2;
  private static final short BOTH_BLOCK_LIMITS = (1 << 2) | (1 << 3);
  private static final int QUOTA_SIZE = 112;
  private static final int BLOCK = 512;
  private static final long GET_ATTRIBUTES = 0x801c581fL;
  private static final long SET_ATTRIBUTES = 0x401c5820L;
  private static final int ATTRIBUTES_SIZE = 28;
  private static final int PROJECT = 12;
  private static final int INHERIT = 0x200;

  private ProjectQuota() {}

  /// Limits an empty folder: what is made in it counts.
  ///
  /// @param bytes rounded up to blocks of 512
  /// @throws KernelException if the file system has no quotas for projects, or they are off
  public static void limit(Path folder, long bytes) throws IOException {
    try (Frame frame = new Frame()) {
      int opened = open(frame, folder);
      try {
        int project = free(frame, opened, folder);
        set(frame, opened, folder, project, (bytes + BLOCK - 1) / BLOCK);
        MemorySegment attributes = attributes(frame, opened, folder);
        attributes.set(Libc.INT, 0, attributes.get(Libc.INT, 0) | INHERIT);
        attributes.set(Libc.INT, PROJECT, project);
        frame.check(Syscall.IOCTL, folder, opened, SET_ATTRIBUTES, attributes.address());
      } finally {
        Descriptors.close(opened);
      }
    }
  }

  /// Takes the limit away from a folder's project, before the folder is removed.
  public static void forget(Path folder) throws IOException {
    try (Frame frame = new Frame()) {
      int opened = open(frame, folder);
      try {
        int project = attributes(frame, opened, folder).get(Libc.INT, PROJECT);
        if (project != 0) {
          set(frame, opened, folder, project, 0);
        }
      } finally {
        Descriptors.close(opened);
      }
    }
  }

  private static int open(Frame frame, Path folder) throws KernelException {
    return Descriptors.openAnywhere(
        frame, folder.toString(), Descriptors.O_RDONLY | Syscall.O_DIRECTORY);
  }

  private static MemorySegment attributes(Frame frame, int opened, Path folder)
      throws KernelException {
    MemorySegment attributes = frame.allocate(ATTRIBUTES_SIZE);
    frame.check(Syscall.IOCTL, folder, opened, GET_ATTRIBUTES, attributes.address());
    return attributes;
  }

  /// A number that nobody uses: others have projects on the same file system too.
  private static int free(Frame frame, int opened, Path folder) throws KernelException {
    SecureRandom random = new SecureRandom();
    while (true) {
      int project = random.nextInt(1 << 20, Integer.MAX_VALUE);
      MemorySegment quota = frame.allocate(QUOTA_SIZE);
      long result =
          frame.call(Syscall.QUOTACTL_FD, opened, (GET << 8) | PROJECTS, project, quota.address());
      boolean unused =
          result == -Errno.ENOENT
              || (result == 0
                  && quota.get(Libc.LONG, 8) == 0
                  && quota.get(Libc.LONG, 40) == 0
                  && quota.get(Libc.LONG, 48) == 0);
      if (unused) {
        return project;
      }
      if (result < 0) {
        throw Syscall.QUOTACTL_FD.failed(folder, result);
      }
    }
  }

  private static void set(Frame frame, int opened, Path folder, int project, long blocks)
      throws KernelException {
    MemorySegment quota = frame.allocate(QUOTA_SIZE);
    quota.set(Libc.BYTE, 0, VERSION);
    quota.set(Libc.BYTE, 1, PROJECT_QUOTA);
    quota.set(Libc.SHORT, 2, BOTH_BLOCK_LIMITS);
    quota.set(Libc.INT, 4, project);
    quota.set(Libc.LONG, 8, blocks);
    quota.set(Libc.LONG, 16, blocks);
    frame.check(
        Syscall.QUOTACTL_FD, folder, opened, (SET << 8) | PROJECTS, project, quota.address());
  }
}
