package io.djong.engine.container;

import io.djong.model.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks users and groups up in a container's own `/etc/passwd` and `/etc/group`, given as text.
/// Pure.
final class Accounts {
  private static final long MAX_ID = 2147483647L;

  private final List<String> passwd;
  private final List<String> group;

  Accounts(String passwd, String group) {
    this.passwd = passwd.lines().toList();
    this.group = group.lines().toList();
  }

  /// A user in numbers. `groups` has the primary group too, as the kernel wants it to be checked.
  record Identity(long uid, long gid, List<Long> groups, String home) {}

  private record Entry(String name, long id, long gid, List<String> fields) {}

  /// @param spec `user`, `user:group`, in names or numbers; null or empty is root
  /// @param groupAdd more groups, in names or numbers
  /// @throws Fault.Invalid in Docker's words if a name is not there or a number is out of range
  Identity resolve(@Nullable String spec, List<String> groupAdd) {
    String text = spec == null ? "" : spec;
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    String wantedGroup = colon < 0 ? "" : text.substring(colon + 1);
    Long number = number(user);
    Entry entry = findUser(user, number);
    long uid = 0;
    long gid = 0;
    if (entry != null) {
      uid = entry.id();
      gid = entry.gid();
    } else if (!user.isEmpty()) {
      if (number == null) {
        throw new Fault.Invalid(
            "unable to find user " + user + ": no matching entries in passwd file");
      }
      uid = checked(number);
    }
    List<Long> groups = new ArrayList<>();
    if (!wantedGroup.isEmpty()) {
      gid = group(wantedGroup);
      groups.add(gid);
    } else {
      groups.add(gid);
      if (entry != null) {
        groups.addAll(memberships(entry.name()));
      }
    }
    for (String more : groupAdd) {
      groups.add(group(more));
    }
    String home = entry == null || entry.fields().size() < 6 ? "" : entry.fields().get(5);
    return new Identity(uid, gid, groups.stream().distinct().toList(), home.isEmpty() ? "/" : home);
  }

  private @Nullable Entry findUser(String user, @Nullable Long number) {
    for (String line : passwd) {
      Entry entry = entry(line, true);
      if (entry == null) {
        continue;
      }
      if (user.isEmpty() ? entry.id() == 0 : entry.name().equals(user)) {
        return entry;
      }
      if (number != null && entry.id() == number) {
        return entry;
      }
    }
    return null;
  }

  private long group(String wanted) {
    Long number = number(wanted);
    for (String line : group) {
      Entry entry = entry(line, false);
      if (entry != null
          && (entry.name().equals(wanted) || (number != null && entry.id() == number))) {
        return entry.id();
      }
    }
    if (number == null) {
      throw new Fault.Invalid(
          "unable to find group " + wanted + ": no matching entries in group file");
    }
    return checked(number);
  }

  private List<Long> memberships(String user) {
    List<Long> all = new ArrayList<>();
    for (String line : group) {
      Entry entry = entry(line, false);
      if (entry != null
          && entry.fields().size() > 3
          && List.of(entry.fields().get(3).split(",", -1)).contains(user)) {
        all.add(entry.id());
      }
    }
    return all;
  }

  private static @Nullable Entry entry(String line, boolean user) {
    List<String> fields = List.of(line.strip().split(":", -1));
    if (fields.size() < (user ? 4 : 3) || fields.getFirst().startsWith("#")) {
      return null;
    }
    Long id = number(fields.get(2));
    Long gid = user ? number(fields.get(3)) : Long.valueOf(0);
    boolean usable = id != null && gid != null && inRange(id) && inRange(gid);
    return usable && id != null && gid != null
        ? new Entry(fields.getFirst(), id, gid, fields)
        : null;
  }

  private static long checked(long number) {
    if (!inRange(number)) {
      throw new Fault.Invalid("uids and gids must be in range 0-2147483647");
    }
    return number;
  }

  private static boolean inRange(long number) {
    return number >= 0 && number <= MAX_ID;
  }

  private static @Nullable Long number(String text) {
    if (text.isEmpty() || text.length() > 19) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean sign = i == 0 && text.length() > 1 && (c == '+' || c == '-');
      if (!sign && (c < '0' || c > '9')) {
        return null;
      }
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE; // Nineteen digits can be too many: out of range, as it should be.
    }
  }
}
