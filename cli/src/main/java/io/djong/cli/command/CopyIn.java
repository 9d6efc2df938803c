package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.PathStat;
import io.djong.cli.Call;
import io.djong.cli.program.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Copies from this machine into a container.
final class CopyIn {
  private final Call call;

  CopyIn(Call call) {
    this.call = call;
  }

  /// @param from a path, or `-` for a tar on standard input
  /// @param to where it is to stand afterwards, or the folder that is to hold it if there is such a
  ///   folder
  void copy(String from, String container, String to) throws IOException {
    if (from.equals("-")) {
      send(container, to, call.console().in());
      return;
    }
    Path source = Path.of(from);
    if (call.given().is("follow-link")) {
      source = source.toRealPath();
    }
    if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("lstat " + from + ": no such file or directory");
    }
    boolean contents = from.equals(".") || from.endsWith("/.");
    boolean folder = contents || Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS);
    String target = to.isEmpty() ? "/" : to;
    PathStat stat = stat(container, target);
    if (stat != null && !stat.linkTarget().isEmpty()) {
      target = stat.linkTarget();
      stat = stat(container, target);
    }
    if (stat != null && stat.isDirectory()) {
      pack(source, contents, null, container, target);
    } else {
      if (stat != null && folder) {
        throw new IOException("cannot copy a directory to " + to + ": it is a file");
      }
      if (stat == null && !folder && target.endsWith("/")) {
        throw new IOException("no such directory in the container: " + to);
      }
      String bare = target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
      int slash = bare.lastIndexOf('/');
      String parent = slash <= 0 ? "/" : bare.substring(0, slash);
      pack(source, contents, bare.substring(slash + 1), container, parent);
    }
    if (!call.given().is("quiet")) {
      call.console().say("Successfully copied to " + container + ":" + to);
    }
  }

  /// Null if there is nothing.
  private @Nullable PathStat stat(String container, String path) throws IOException {
    try {
      return call.engine().statPath(container, path);
    } catch (ApiError e) {
      if (e.status() == 404 && !e.getMessage().contains("No such container")) {
        return null;
      }
      throw e;
    }
  }

  private void pack(
      Path source, boolean contents, @Nullable String newName, String container, String into)
      throws IOException {
    Path whole = source.toAbsolutePath().normalize();
    Path parent = contents ? whole : whole.getParent();
    Path fileName = whole.getFileName();
    String name = contents || fileName == null ? "." : fileName.toString();
    List<String> words = new ArrayList<>();
    Collections.addAll(words, "tar", "-c", "-f", "-", "--format=posix", "--numeric-owner");
    Collections.addAll(words, "-C", String.valueOf(parent == null ? whole : parent));
    if (newName != null) {
      // S: what symbolic links point at stays as it is.
      words.add(
          "--transform=s,^" + quoted(name, "\\.*[]^$,") + "," + quoted(newName, "\\&,") + ",S");
    }
    Collections.addAll(words, "--", name);
    try (Program program = Program.reading(words)) {
      send(container, into, program.output());
    }
  }

  private static String quoted(String name, String special) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      if (special.indexOf(name.charAt(i)) >= 0) {
        text.append('\\');
      }
      text.append(name.charAt(i));
    }
    return text.toString();
  }

  private void send(String container, String into, InputStream tar) throws IOException {
    call.engine().copyIn(container, into, tar, true, call.given().is("archive"));
  }
}
