package io.djong.cli.command;

import io.djong.cli.Call;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes what the engine streams to where the user wants it.
final class Archives {
  private Archives() {}

  /// To the file that `--output` names, whole or not at all, or to standard output if that is not a
  /// terminal.
  static int write(Call call, InputStream archive) throws IOException {
    String output = call.given().text("output");
    if (output != null) {
      writeFile(Path.of(output), archive);
      return 0;
    }
    if (call.console().outputIsTerminal()) {
      call.console().say("cowardly refusing to save to a terminal. Use the -o flag or redirect");
      return 1;
    }
    archive.transferTo(call.console().out());
    if (call.console().out().checkError()) {
      throw new IOException("writing to standard output failed");
    }
    return 0;
  }

  /// Writes a file, whole or not at all.
  static void writeFile(Path file, InputStream archive) throws IOException {
    if (Files.exists(file)
        && !Files.isRegularFile(file)) { // A pipe or a device has no name to swap.
      try (OutputStream out = Files.newOutputStream(file)) {
        archive.transferTo(out);
      }
      return;
    }
    Path parent = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(parent, ".djong-", ".tmp");
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        archive.transferTo(out);
      }
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
