package io.djong.build.solve;

import io.djong.build.context.FileTree;
import io.djong.build.context.Links;
import io.djong.content.tar.TarEntry;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads `--chown=user[:group]`; names are those of the tree that is copied to. Pure but for the
/// reading.
record Owners(int uid, int gid) {
  static final Owners ROOT = new Owners(0, 0);
  private static final int MAX_BYTES = 10 << 20;

  /// @throws Fault.Invalid if a name is not known there
  static Owners of(@Nullable String text, FileTree tree) throws IOException {
    if (text == null || text.isEmpty()) {
      return ROOT;
    }
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    String group = colon < 0 ? "" : text.substring(colon + 1);
    int uid;
    int gid;
    Integer number = number(user);
    if (number != null) {
      uid = number;
      gid = number;
    } else {
      String[] line = line(tree, "etc/passwd", user);
      if (line == null || line.length < 4) {
        throw new Fault.Invalid(
            "unable to convert uid/gid chown string to host mapping: can't find"
                + " uid for user "
                + user
                + ": no such user: "
                + user);
      }
      uid = required(line[2], text);
      gid = required(line[3], text);
    }
    if (!group.isEmpty()) {
      Integer groupNumber = number(group);
      if (groupNumber == null) {
        String[] line = line(tree, "etc/group", group);
        if (line == null || line.length < 3) {
          throw new Fault.Invalid(
              "unable to convert uid/gid chown string to host mapping: can't"
                  + " find gid for group "
                  + group
                  + ": no such group: "
                  + group);
        }
        groupNumber = required(line[2], text);
      }
      gid = groupNumber;
    }
    return new Owners(uid, gid);
  }

  private static int required(String text, String subject) {
    Integer number = number(text);
    if (number == null) {
      throw new Fault.Invalid("--chown=" + subject + ": the image's accounts are damaged");
    }
    return number;
  }

  private static @Nullable Integer number(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    try {
      long number = Long.parseLong(text);
      if (number <= Integer.MAX_VALUE) {
        return (int) number;
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid user or group number " + text, e);
    }
    throw new Fault.Invalid("invalid user or group number " + text);
  }

  private static String @Nullable [] line(FileTree tree, String file, String name)
      throws IOException {
    RawPath path = Links.real(tree::find, RawPath.of(file), true);
    TarEntry entry = tree.find(path);
    if (entry == null || entry.kind() != TarEntry.Kind.FILE) {
      return null;
    }
    try (InputStream in = tree.open(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES);
      for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.startsWith(name + ":")) {
          return line.split(":", -1);
        }
      }
    }
    return null;
  }
}
