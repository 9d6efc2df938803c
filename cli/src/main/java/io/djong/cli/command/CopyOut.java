package io.djong.cli.command;

import io.djong.api.EngineClient;
import io.djong.api.PathStat;
import io.djong.cli.Call;
import io.djong.cli.program.Program;
import io.djong.http.HttpClient.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Copies from a container to this machine.
final class CopyOut {
  private final Call call;

  CopyOut(Call call) {
    this.call = call;
  }

  /// @param to where it is to stand afterwards, or the folder that is to hold it if there is such a
  ///   folder; `-` for the tar itself on standard output
  void copy(String container, String path, String to) throws IOException {
    String source = path;
    if (call.given().is("follow-link")) {
      PathStat stat = call.engine().statPath(container, path);
      if (!stat.linkTarget().isEmpty()) {
        source = stat.linkTarget();
      }
    }
    try (Exchange tar = call.engine().copyOut(container, source)) {
      if (to.equals("-")) {
        tar.body().transferTo(call.console().unbuffered());
        return;
      }
      PathStat stat = EngineClient.stat(tar);
      boolean contents = source.endsWith("/.") || source.equals(".");
      unpack(tar.body(), stat, contents, to);
    }
    if (!call.given().is("quiet")) {
      call.console().say("Successfully copied to " + Path.of(to).toAbsolutePath().normalize());
    }
  }

  private void unpack(InputStream tar, PathStat stat, boolean contents, String to)
      throws IOException {
    Path target = Path.of(to).toAbsolutePath().normalize();
    if (Files.isDirectory(target)) {
      extract(tar, target);
      return;
    }
    if (stat.isDirectory() && Files.exists(target)) {
      throw new IOException("cannot copy a directory to " + to + ": it is a file");
    }
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException("the destination's folder does not exist: " + parent);
    }
    if (!stat.isDirectory() && to.endsWith("/")) {
      throw new IOException("the destination directory does not exist: " + to);
    }
    // The tar knows the old name: it is unpacked aside and gets its new name in one step.
    Path aside = Files.createTempDirectory(parent, ".djong-cp-");
    try {
      extract(tar, aside);
      if (contents) {
        Files.move(aside, target);
        return;
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(aside)) {
        for (Path entry : entries) {
          Files.move(entry, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } finally {
      if (Files.exists(aside)) {
        Program.outputOf("rm", "-rf", "--", aside.toString());
      }
    }
  }

  private void extract(InputStream tar, Path into) throws IOException {
    String owner = call.given().is("archive") ? "--same-owner" : "--no-same-owner";
    List<String> words =
        List.of(
            "tar",
            "-x",
            "-f",
            "-",
            "-C",
            into.toString(),
            "--numeric-owner",
            owner,
            "--no-overwrite-dir",
            "--same-permissions",
            "--delay-directory-restore");
    try (Program program = Program.writing(words)) {
      try (OutputStream input = program.input()) {
        tar.transferTo(input);
      }
      program.end();
    }
  }
}
