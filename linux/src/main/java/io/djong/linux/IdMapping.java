package io.djong.linux;

import java.util.List;

/// How the owners of files are shown elsewhere than they are kept: ranges of user and of group ids.
public record IdMapping(List<Range> users, List<Range> groups) {
  /// What the kernel takes at most (user_namespaces(7)).
  public static final int MOST_RANGES = 340;

  public IdMapping {
    users = List.copyOf(users);
    groups = List.copyOf(groups);
  }

  /// As many ids one after the other.
  ///
  /// @param kept the first one as the file system keeps it
  /// @param shown the first one as those see it who use the mount
  public record Range(long kept, long shown, long count) {}

  /// As the files `uid_map` and `gid_map` of a namespace are written.
  static String text(List<Range> ranges) {
    StringBuilder text = new StringBuilder();
    for (Range range : ranges) {
      text.append(range.kept()).append(' ').append(range.shown()).append(' ');
      text.append(range.count()).append('\n');
    }
    return text.toString();
  }
}
