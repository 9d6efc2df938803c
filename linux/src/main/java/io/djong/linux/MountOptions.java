package io.djong.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Option words sorted into the flags of `mount(2)`, the propagation, which needs a call of its
/// own, and the words that only the file system knows. As with `mount(8)`, the last word wins.
record MountOptions(long flags, long propagation, List<String> others) {
  static final long MS_RDONLY = 1;
  static final long MS_NOSUID = 2;
  static final long MS_NODEV = 4;
  static final long MS_NOEXEC = 8;
  static final long MS_REMOUNT = 32;
  static final long MS_BIND = 4096;
  static final long MS_REC = 16384;
  static final long BIND_RECURSIVE = MS_BIND | MS_REC;

  private static final long MS_UNBINDABLE = 1 << 17;
  private static final long MS_PRIVATE = 1 << 18;
  private static final long MS_SLAVE = 1 << 19;
  private static final long MS_SHARED = 1 << 20;
  private static final long MS_NOATIME = 1024;
  private static final long MS_NODIRATIME = 2048;
  private static final long MS_RELATIME = 1 << 21;
  private static final long MS_STRICTATIME = 1 << 24;
  private static final long ATIME = MS_NOATIME | MS_RELATIME | MS_STRICTATIME;

  private static final Map<String, Long> SET =
      Map.ofEntries(
          Map.entry("ro", MS_RDONLY),
          Map.entry("nosuid", MS_NOSUID),
          Map.entry("nodev", MS_NODEV),
          Map.entry("noexec", MS_NOEXEC),
          Map.entry("sync", 16L),
          Map.entry("remount", MS_REMOUNT),
          Map.entry("mand", 64L),
          Map.entry("dirsync", 128L),
          Map.entry("nosymfollow", 256L),
          Map.entry("nodiratime", MS_NODIRATIME),
          Map.entry("bind", MS_BIND),
          Map.entry("rbind", BIND_RECURSIVE),
          Map.entry("silent", 1L << 15),
          Map.entry("lazytime", 1L << 25));

  private static final Map<String, Long> CLEAR =
      Map.of(
          "defaults", 0L,
          "rw", MS_RDONLY,
          "suid", MS_NOSUID,
          "dev", MS_NODEV,
          "exec", MS_NOEXEC,
          "async", 16L,
          "atime", MS_NOATIME,
          "diratime", MS_NODIRATIME);

  private static final Map<String, Long> ATIME_WORDS =
      Map.of("noatime", MS_NOATIME, "relatime", MS_RELATIME, "strictatime", MS_STRICTATIME);

  private static final Map<String, Long> PROPAGATION =
      Map.of(
          "unbindable",
          MS_UNBINDABLE,
          "runbindable",
          MS_UNBINDABLE | MS_REC,
          "private",
          MS_PRIVATE,
          "rprivate",
          MS_PRIVATE | MS_REC,
          "slave",
          MS_SLAVE,
          "rslave",
          MS_SLAVE | MS_REC,
          "shared",
          MS_SHARED,
          "rshared",
          MS_SHARED | MS_REC);

  static MountOptions of(List<String> words) {
    long flags = 0;
    long propagation = 0;
    List<String> others = new ArrayList<>();
    for (String word : words) {
      if (SET.containsKey(word)) {
        flags |= SET.get(word);
      } else if (CLEAR.containsKey(word)) {
        flags &= ~CLEAR.get(word);
      } else if (ATIME_WORDS.containsKey(word)) {
        flags = (flags & ~ATIME) | ATIME_WORDS.get(word);
      } else if (PROPAGATION.containsKey(word)) {
        propagation = PROPAGATION.get(word);
      } else if (!word.isEmpty()) {
        others.add(word);
      }
    }
    return new MountOptions(flags, propagation, List.copyOf(others));
  }

  boolean isBind() {
    return (flags & MS_BIND) != 0 && (flags & MS_REMOUNT) == 0;
  }

  /// What a bind mount gets only by a remount.
  long restrictions() {
    return flags & ~BIND_RECURSIVE;
  }

  boolean isPropagationOnly() {
    return flags == 0 && propagation != 0 && others.isEmpty();
  }

  /// The file system's own words as it wants them.
  String text() {
    return String.join(",", others);
  }
}
