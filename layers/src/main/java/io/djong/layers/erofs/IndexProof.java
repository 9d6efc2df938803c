package io.djong.layers.erofs;

import io.djong.linux.FileInput;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// By what an index and its tar are known again, cheaply.
///
/// @param tarSize in bytes
/// @param checksum CRC32C of the index
record IndexProof(long tarSize, long indexSize, int checksum) {
  static @Nullable IndexProof parse(String word) {
    String[] parts = word.split("-", -1);
    try {
      return parts.length == 3
          ? new IndexProof(
              Long.parseLong(parts[0]),
              Long.parseLong(parts[1]),
              Integer.parseUnsignedInt(parts[2], 16))
          : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  String word() {
    return tarSize + "-" + indexSize + "-" + Integer.toHexString(checksum);
  }

  /// What is wrong with the index; null if nothing is.
  @Nullable String checkIndex(Root root, RawPath index) throws IOException {
    FileStatus status = root.find(index);
    if (status == null || !status.isRegular()) {
      return "its index is missing";
    }
    if (status.size() != indexSize) {
      return "its index has " + status.size() + " bytes, where " + indexSize + " were";
    }
    CRC32C found = new CRC32C();
    try (FileInput in = root.read(index)) {
      byte[] buffer = new byte[1 << 17];
      int got;
      while ((got = in.read(buffer, 0, buffer.length)) >= 0) {
        found.update(buffer, 0, got);
      }
    } catch (IOException e) {
      return "its index: " + e.getMessage();
    }
    return (int) found.getValue() == checksum ? null : "its index has changed";
  }

  /// What can be seen of the tar without reading it; null if nothing is wrong.
  @Nullable String checkTarSize(Root root, RawPath tar) throws IOException {
    FileStatus status = root.find(tar);
    if (status == null || !status.isRegular()) {
      return "its tar is missing";
    }
    return status.size() == tarSize
        ? null
        : "its tar has " + status.size() + " bytes, where " + tarSize + " were";
  }
}
