package io.djong.linux;

import java.util.ArrayList;
import java.util.List;

/// How the owners of files are shown elsewhere than they are kept: ranges of user and of group ids.
/// Of a container's user namespace, what is kept is what its processes see, and what is shown is
/// what the host sees.
public record IdMapping(List<Range> users, List<Range> groups) {
  /// What the kernel takes at most (user_namespaces(7)).
  public static final int MOST_RANGES = 340;

  /// What stands for an owner that a mapping has no place for: `nobody`.
  public static final long NOBODY = 65534;

  public IdMapping {
    users = List.copyOf(users);
    groups = List.copyOf(groups);
  }

  /// As many ids one after the other.
  ///
  /// @param kept the first one as the file system keeps it
  /// @param shown the first one as those see it who use the mount
  public record Range(long kept, long shown, long count) {}

  /// The mapping that shows what this one shows as the other one shows it: ids that one of the two
  /// has no place for have none.
  public IdMapping then(IdMapping other) {
    return new IdMapping(then(users, other.users), then(groups, other.groups));
  }

  private static List<Range> then(List<Range> first, List<Range> second) {
    List<Range> all = new ArrayList<>();
    for (Range one : first) {
      for (Range two : second) {
        long from = Math.max(one.shown(), two.kept());
        long to = Math.min(one.shown() + one.count(), two.kept() + two.count());
        if (from < to) {
          all.add(
              new Range(
                  one.kept() + (from - one.shown()), two.shown() + (from - two.kept()), to - from));
        }
      }
    }
    return all;
  }

  /// Where a kept id is shown; -1 if it has no place.
  private static long shown(List<Range> ranges, long kept) {
    for (Range range : ranges) {
      if (kept >= range.kept() && kept < range.kept() + range.count()) {
        return range.shown() + (kept - range.kept());
      }
    }
    return -1;
  }

  /// What is kept of an id that is shown; [#NOBODY] if it is none of this mapping's.
  private static long kept(List<Range> ranges, long shown) {
    for (Range range : ranges) {
      if (shown >= range.shown() && shown < range.shown() + range.count()) {
        return range.kept() + (shown - range.shown());
      }
    }
    return NOBODY;
  }

  /// A user as it is shown.
  ///
  /// @return -1 if it has no place
  public long user(long kept) {
    return shown(users, kept);
  }

  /// A group as it is shown.
  ///
  /// @return -1 if it has no place
  public long group(long kept) {
    return shown(groups, kept);
  }

  /// A user that is shown as it is kept.
  ///
  /// @return [#NOBODY] if it is none of this mapping's
  public long keptUser(long shown) {
    return kept(users, shown);
  }

  /// A group that is shown as it is kept.
  ///
  /// @return [#NOBODY] if it is none of this mapping's
  public long keptGroup(long shown) {
    return kept(groups, shown);
  }

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
