package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.program.Program;
import io.djong.model.ignore.IgnoreRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of a build as they are sent: those that the ignore file lets through, packed by `tar`.
/// To be closed.
final class SentContext implements AutoCloseable {
  private final String dockerfile;
  private final byte @Nullable [] text;
  private final InputStream tar;
  private final @Nullable Program program;
  private final List<Path> lists;

  private SentContext(
      String dockerfile,
      byte @Nullable [] text,
      InputStream tar,
      @Nullable Program program,
      List<Path> lists) {
    this.dockerfile = dockerfile;
    this.text = text;
    this.tar = tar;
    this.program = program;
    this.lists = lists;
  }

  /// Where another folder's files are in what is sent.
  static String part(int number) {
    return ".djong-context-" + number;
  }

  /// @param source a folder, or `-` for a tar on standard input
  /// @param file the Dockerfile as it was named; null is the folder's own
  /// @param others more folders, each sent as a [#part]
  static SentContext open(Call call, String source, @Nullable String file, List<Path> others)
      throws IOException {
    if (source.equals("-")) {
      if (!others.isEmpty()) {
        throw new IOException("--build-context of a folder does not go with a context on stdin");
      }
      return new SentContext(
          file == null ? "Dockerfile" : file, null, call.console().in(), null, List.of());
    }
    if (isRemote(source)) {
      boolean nowhere = others.isEmpty();
      if (!nowhere) {
        throw new IOException("--build-context of a folder does not go with a remote context");
      }
      byte[] own = file == null || !file.equals("-") ? null : call.console().in().readAllBytes();
      return new SentContext(
          file == null || file.equals("-") ? "Dockerfile" : file,
          own,
          InputStream.nullInputStream(),
          null,
          List.of());
    }
    Path folder = Path.of(source);
    if (!Files.isDirectory(folder)) {
      throw new IOException("unable to prepare context: path \"" + source + "\" not found");
    }
    Path root = folder.toRealPath();
    String name = "Dockerfile";
    byte[] text = null;
    if (file != null && file.equals("-")) {
      text = call.console().in().readAllBytes();
    } else if (file != null) {
      Path real = Path.of(file).toAbsolutePath().normalize();
      Path inside = real.startsWith(root) ? root.relativize(real) : null;
      name = inside == null ? String.valueOf(real.getFileName()) : inside.toString();
      if (inside == null) {
        text = Files.readAllBytes(real);
      } else if (!Files.exists(real)) {
        throw new IOException(
            "failed to read dockerfile: open " + file + ": no such file or directory");
      }
    }
    List<Path> lists = new ArrayList<>();
    List<String> words =
        new ArrayList<>(
            List.of(
                "tar",
                "-c",
                "-f",
                "-",
                "--format=posix",
                "--numeric-owner",
                "--no-recursion",
                "--null",
                "--verbatim-files-from"));
    // A name says which folder it is of by how often it begins with a dot: the longest first.
    for (int i = others.size(); i > 0; i--) {
      words.add("--transform=s,^" + "\\./".repeat(i + 1) + "," + part(i) + "/,S");
    }
    add(words, lists, root, names(root, name, "./"));
    for (int i = 0; i < others.size(); i++) {
      Path other = others.get(i);
      if (!Files.isDirectory(other)) {
        throw new IOException("build context \"" + other + "\" is no folder");
      }
      Path real = other.toRealPath();
      add(words, lists, real, names(real, "Dockerfile", "./".repeat(i + 2)));
    }
    Program program = Program.reading(words);
    return new SentContext(name, text, program.output(), program, lists);
  }

  private static void add(List<String> words, List<Path> lists, Path folder, byte[] names)
      throws IOException {
    Path list = Files.createTempFile("djong-context-", "");
    lists.add(list);
    Files.write(list, names);
    words.addAll(List.of("-C", folder.toString(), "-T", list.toString()));
  }

  /// Whether a context is fetched by the engine.
  static boolean isRemote(String source) {
    return source.startsWith("http://")
        || source.startsWith("https://")
        || source.startsWith("git@")
        || source.startsWith("git://")
        || source.startsWith("ssh://");
  }

  String dockerfile() {
    return dockerfile;
  }

  byte @Nullable [] dockerfileText() {
    return text;
  }

  InputStream tar() {
    return tar;
  }

  /// What is sent, each name with a NUL behind. The Dockerfile and the ignore file are always among
  /// it: the engine reads them, and hides them if they are ignored.
  private static byte[] names(Path root, String dockerfile, String prefix) throws IOException {
    IgnoreRules rules = rules(root, dockerfile);
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String path = root.relativize(folder).toString();
            if (!path.isEmpty() && !rules.ignores(path)) {
              add(path);
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
              add(path);
            }
            return FileVisitResult.CONTINUE;
          }

          private void add(String path) {
            names.writeBytes((prefix + path).getBytes(StandardCharsets.UTF_8));
            names.write(0);
          }
        });
    return names.toByteArray();
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

  @Override
  public void close() throws IOException {
    try {
      if (program != null) {
        program.close();
      }
    } finally {
      for (Path list : lists) {
        Files.deleteIfExists(list);
      }
    }
  }
}
