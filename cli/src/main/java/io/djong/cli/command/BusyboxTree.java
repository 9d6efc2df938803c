package io.djong.cli.command;

import io.djong.cli.program.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A tree with the static busybox and links to it, as a tar.
final class BusyboxTree implements AutoCloseable {
  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      daemon:x:1:1:daemon:/usr/sbin:/bin/false
      bin:x:2:2:bin:/bin:/bin/false
      www-data:x:33:33:www-data:/var/www:/bin/false
      nobody:x:65534:65534:nobody:/home:/bin/false
      """;
  private static final String GROUP =
      """
      root:x:0:
      daemon:x:1:
      bin:x:2:
      tty:x:5:
      www-data:x:33:
      users:x:100:
      nogroup:x:65534:
      """;

  private static final List<String> FOLDERS =
      List.of(
          "bin",
          "dev",
          "etc",
          "home",
          "proc",
          "root",
          "sys",
          "tmp",
          "usr/bin",
          "usr/sbin",
          "usr/local/bin",
          "var/spool",
          "var/tmp",
          "var/www");

  /// Of every file: the same busybox gives the same image.
  private static final String TIME = "@1735689600";

  private final Path folder;
  private final Program tar;

  private BusyboxTree(Path folder, Program tar) {
    this.folder = folder;
    this.tar = tar;
  }

  /// Lays the tree out in a temporary folder and starts to pack it.
  ///
  /// @throws IOException if busybox is not there or needs libraries
  static BusyboxTree open() throws IOException {
    Path busybox = find();
    Path folder = Files.createTempDirectory("djong-busybox-");
    try {
      layOut(folder, busybox);
      List<String> words =
          List.of(
              "tar",
              "-c",
              "-f",
              "-",
              "-C",
              folder.toString(),
              "--sort=name",
              "--mtime=" + TIME,
              "--owner=0",
              "--group=0",
              "--numeric-owner",
              ".");
      return new BusyboxTree(folder, Program.reading(words));
    } catch (IOException e) {
      remove(folder);
      throw e;
    }
  }

  private static Path find() throws IOException {
    for (Path path : List.of(Path.of("/bin/busybox"), Path.of("/usr/bin/busybox"))) {
      if (Files.isExecutable(path)) {
        // A program that needs a loader names it at its head.
        byte[] bytes = Files.readAllBytes(path);
        String head =
            new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1);
        if (!head.contains("/ld-linux")) {
          return path;
        }
      }
    }
    throw new IOException(
        "there is no static busybox; as root, install it with: apt-get install -y busybox-static");
  }

  private static void layOut(Path root, Path busybox) throws IOException {
    for (String name : FOLDERS) {
      Files.createDirectories(root.resolve(name));
    }
    mode(root, "rwxr-xr-x");
    mode(root.resolve("root"), "rwx------");
    Program.outputOf(
        "chmod", "1777", root.resolve("tmp").toString(), root.resolve("var/tmp").toString());
    Path bin = root.resolve("bin");
    Files.copy(busybox, bin.resolve("busybox"));
    mode(bin.resolve("busybox"), "rwxr-xr-x");
    for (String applet : Program.outputOf(busybox.toString(), "--list").lines().toList()) {
      if (!applet.isBlank() && !applet.equals("busybox")) {
        Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
      }
    }
    Files.createSymbolicLink(root.resolve("usr/bin/env"), Path.of("../../bin/busybox"));
    write(root.resolve("etc/passwd"), PASSWD);
    write(root.resolve("etc/group"), GROUP);
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    mode(file, "rw-r--r--");
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  /// The tar.
  InputStream output() {
    return tar.output();
  }

  /// Leaves nothing behind.
  @Override
  public void close() throws IOException {
    tar.close();
    remove(folder);
  }

  private static void remove(Path folder) throws IOException {
    Program.outputOf("rm", "-rf", "--", folder.toString());
  }
}
