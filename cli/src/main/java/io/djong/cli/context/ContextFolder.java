package io.djong.cli.context;

import io.djong.model.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// A folder whose files are sent, as far as its ignore file lets them.
///
/// @param root its real path
/// @param prefix what stands before each path in what is sent: empty, or a name and a slash
/// @param files what is sent, folders before what is in them
public record ContextFolder(Path root, String prefix, List<Entry> files) {
  /// @param path below the root
  /// @param size of a regular file in bytes; -1 for all else
  public record Entry(String path, long size) {
    boolean isFile() {
      return size >= 0;
    }
  }

  /// Looks which files there are. The Dockerfile and the ignore file are always among them: the
  /// engine reads them, and hides them if they are ignored.
  public static ContextFolder of(Path root, String dockerfile, String prefix) throws IOException {
    IgnoreRules rules = rules(root, dockerfile);
    List<Entry> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String path = root.relativize(folder).toString();
            if (!path.isEmpty() && !rules.ignores(path)) {
              found.add(new Entry(path, -1));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = root.relativize(file).toString();
            boolean always =
                path.equals(dockerfile)
                    || path.equals(".dockerignore")
                    || path.equals(dockerfile + ".dockerignore");
            if (always || !rules.ignores(path)) {
              found.add(new Entry(path, attributes.isRegularFile() ? attributes.size() : -1));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return new ContextFolder(root, prefix, List.copyOf(found));
  }

  private static IgnoreRules rules(Path root, String dockerfile) throws IOException {
    for (String name : List.of(dockerfile + ".dockerignore", ".dockerignore")) {
      Path file = root.resolve(name);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return IgnoreRules.parse(Files.readAllBytes(file));
      }
    }
    return IgnoreRules.NONE;
  }
}
