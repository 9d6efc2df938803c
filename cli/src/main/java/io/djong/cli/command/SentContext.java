package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.context.ContextFile;
import io.djong.cli.context.ContextFolder;
import io.djong.cli.context.LeftOut;
import io.djong.cli.program.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of a build as they are sent: those that the ignore file lets through and the engine
/// has not got from an earlier build, packed by `tar`. To be closed.
final class SentContext implements AutoCloseable {
  private final String dockerfile;
  private final byte @Nullable [] text;
  private final InputStream tar;
  private final @Nullable Program program;
  private final List<Path> lists;
  private final @Nullable String lease;

  private SentContext(
      String dockerfile,
      byte @Nullable [] text,
      InputStream tar,
      @Nullable Program program,
      List<Path> lists,
      @Nullable String lease) {
    this.lease = lease;
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
      throws IOException, InterruptedException {
    if (source.equals("-")) {
      if (!others.isEmpty()) {
        throw new IOException("--build-context of a folder does not go with a context on stdin");
      }
      return new SentContext(
          file == null ? "Dockerfile" : file, null, call.console().in(), null, List.of(), null);
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
          List.of(),
          null);
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
    List<ContextFolder> folders = new ArrayList<>();
    folders.add(ContextFolder.of(root, name, ""));
    for (Path other : others) {
      if (!Files.isDirectory(other)) {
        throw new IOException("build context \"" + other + "\" is no folder");
      }
      folders.add(
          ContextFolder.of(other.toRealPath(), "Dockerfile", part(folders.size() - 1) + "/"));
    }
    LeftOut leftOut = LeftOut.of(call.engine(), folders, cache());
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
    if (leftOut != null) {
      Path manifest = listed(lists, leftOut.manifest());
      words.addAll(
          List.of(
              "-C", String.valueOf(manifest.getParent()), String.valueOf(manifest.getFileName())));
    }
    List<ContextFolder> sent = leftOut == null ? folders : leftOut.rest();
    for (int i = 0; i < sent.size(); i++) {
      Path list = listed(lists, names(sent.get(i).files(), "./".repeat(i + 1)));
      words.addAll(List.of("-C", sent.get(i).root().toString(), "-T", list.toString()));
    }
    Program program = Program.reading(words);
    return new SentContext(
        name, text, program.output(), program, lists, leftOut == null ? null : leftOut.lease());
  }

  /// Where digests are remembered.
  private static Path cache() {
    String home = System.getenv("XDG_CACHE_HOME");
    Path caches =
        home == null || home.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(home);
    return caches.resolve("djong").resolve("contexts");
  }

  private static Path listed(List<Path> lists, byte[] bytes) throws IOException {
    Path list = Files.createTempFile("djong-context-", "");
    lists.add(list);
    Files.write(list, bytes);
    return list;
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

  /// Under which the engine holds what is not sent; null if all is.
  @Nullable String lease() {
    return lease;
  }

  /// What is sent, each name with a NUL behind.
  private static byte[] names(List<ContextFile> files, String prefix) {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (ContextFile file : files) {
      names.writeBytes((prefix + file.path()).getBytes(StandardCharsets.UTF_8));
      names.write(0);
    }
    return names.toByteArray();
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
