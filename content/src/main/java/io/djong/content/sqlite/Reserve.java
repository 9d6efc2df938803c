package io.djong.content.sqlite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Room on the disk that is given up when there is none left, so that what frees room – removing a
/// container, an image – can still be recorded. Taken again once the disk has room. For one thread.
final class Reserve {
  private static final int SIZE = 4 << 20;

  private final Path file;
  private final int size;

  /// @param file lies beside the database
  Reserve(Path file) {
    this(file, SIZE);
  }

  Reserve(Path file, int size) {
    this.file = file;
    this.size = size;
  }

  /// Takes the room, if the disk has it.
  void take() {
    if (Files.exists(file)) {
      return;
    }
    byte[] block = new byte[64 << 10];
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int done = 0; done < size; done += block.length) {
          out.write(block);
        }
      }
    } catch (IOException e) {
      giveUp();
    }
  }

  /// @return whether there was anything to give
  boolean giveUp() {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(Reserve.class.getName())
          .log(System.Logger.Level.WARNING, "giving up the room that was kept for records", e);
      return false;
    }
  }
}
