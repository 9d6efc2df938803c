package io.djong.cli.context;

import io.djong.model.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A folder whose files are sent, as far as its ignore file lets them.
///
/// @param root its real path
/// @param prefix what stands before each path in what is sent: empty, or a name and a slash
/// @param files what is sent, folders before what is in them
public record ContextFolder(Path root, String prefix, List<ContextFile> files) {
  /// Looks which files there are. The Dockerfile and the ignore file are always among them: the
  /// engine reads them, and hides them if they are ignored.
  public static ContextFolder of(Path root, String dockerfile, String prefix) throws IOException {
    List<ContextFile> found = new ArrayList<>();
    new Walk(root, dockerfile, rules(root, dockerfile), found).visit(root, "");
    return new ContextFolder(root, prefix, List.copyOf(found));
  }

  private record Walk(Path root, String dockerfile, IgnoreRules rules, List<ContextFile> found) {
    void visit(Path folder, String above) throws IOException {
      List<ContextFile> folders = new ArrayList<>();
      try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
        for (Path child : children) {
          String path = above + child.getFileName();
          boolean sent = isAlways(path) || !rules.ignores(path);
          ContextFile file = ContextFile.look(child, path);
          if (sent) {
            found.add(file);
          }
          // What is ignored may hold what is not.
          if (file.isFolder()) {
            folders.add(file);
          }
        }
      }
      for (ContextFile each : folders) {
        visit(root.resolve(each.path()), each.path() + "/");
      }
    }

    private boolean isAlways(String path) {
      return path.equals(dockerfile)
          || path.equals(".dockerignore")
          || path.equals(dockerfile + ".dockerignore");
    }
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
