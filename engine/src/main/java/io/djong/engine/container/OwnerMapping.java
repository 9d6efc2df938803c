package io.djong.engine.container;

import io.djong.linux.Errno;
import io.djong.linux.IdMapping;
import io.djong.linux.IdMapping.Range;
import io.djong.linux.KernelException;
import io.djong.model.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Reads `uids=KEPT-SHOWN-COUNT#…;gids=…`, as Podman writes it: an owner that the file system keeps
/// as KEPT is SHOWN in the container. Where only one of the two is said it holds for both. Pure.
final class OwnerMapping {
  private static final long MOST = 0xffff_fffeL;

  private OwnerMapping() {}

  /// @throws Fault.Invalid if it is not that
  static IdMapping parse(String text) {
    if (text.isEmpty()) {
      throw new Fault.Invalid(
          "invalid idmap: this container has no user namespace to take the owners from: say"
              + " idmap=uids=KEPT-SHOWN-COUNT");
    }
    List<Range> users = List.of();
    List<Range> groups = List.of();
    for (String part : text.split(";", -1)) {
      if (part.startsWith("uids=") && users.isEmpty()) {
        users = ranges(text, part.substring(5));
      } else if (part.startsWith("gids=") && groups.isEmpty()) {
        groups = ranges(text, part.substring(5));
      } else {
        throw invalid(text);
      }
    }
    return new IdMapping(users.isEmpty() ? groups : users, groups.isEmpty() ? users : groups);
  }

  /// A kernel or file system that shows no other owners is no bug.
  ///
  /// @param subject what was to be mounted
  static IOException refused(KernelException e, String subject) throws KernelException {
    if (e.errno() == Errno.EINVAL || e.errno() == Errno.ENOSYS || e.errno() == Errno.EPERM) {
      throw new Fault.Unsupported(
          subject + " cannot be mounted with other owners (idmap): " + e.getMessage());
    }
    throw e;
  }

  /// What [#parse] reads as this.
  static String text(IdMapping mapping) {
    return "uids=" + text(mapping.users()) + ";gids=" + text(mapping.groups());
  }

  private static String text(List<Range> ranges) {
    return ranges.stream()
        .map(range -> range.kept() + "-" + range.shown() + "-" + range.count())
        .collect(Collectors.joining("#"));
  }

  private static List<Range> ranges(String text, String part) {
    List<Range> ranges = new ArrayList<>();
    for (String range : part.split("#", -1)) {
      String[] numbers = range.split("-", -1);
      if (numbers.length != 3) {
        throw invalid(text);
      }
      Range read =
          new Range(number(text, numbers[0]), number(text, numbers[1]), number(text, numbers[2]));
      if (read.count() == 0
          || read.kept() + read.count() > MOST
          || read.shown() + read.count() > MOST
          || ranges.stream().anyMatch(other -> overlap(other, read))) {
        throw invalid(text);
      }
      ranges.add(read);
    }
    if (ranges.size() > IdMapping.MOST_RANGES) {
      throw invalid(text);
    }
    return ranges;
  }

  private static boolean overlap(Range one, Range other) {
    return meet(one.kept(), other.kept(), one.count(), other.count())
        || meet(one.shown(), other.shown(), one.count(), other.count());
  }

  private static boolean meet(long one, long other, long length, long otherLength) {
    return one < other + otherLength && other < one + length;
  }

  private static long number(String text, String number) {
    try {
      long value = Long.parseLong(number);
      if (value >= 0 && value <= MOST) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid(words(text), e);
    }
    throw invalid(text);
  }

  private static Fault.Invalid invalid(String text) {
    return new Fault.Invalid(words(text));
  }

  private static String words(String text) {
    return "invalid idmap \"" + text + "\": want uids=KEPT-SHOWN-COUNT#…;gids=KEPT-SHOWN-COUNT#…";
  }
}
