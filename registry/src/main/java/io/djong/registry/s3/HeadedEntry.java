package io.djong.registry.s3;

import io.djong.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// A line of JSON, and bytes after it.
///
/// @param head empty if what was read has no such line
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record HeadedEntry(Map<?, ?> head, byte[] rest) {
  byte[] bytes() {
    byte[] line = (Json.full().writeText(head) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(line, line.length + rest.length);
    System.arraycopy(rest, 0, all, line.length, rest.length);
    return all;
  }

  static HeadedEntry read(byte[] entry) {
    int end = 0;
    while (end < entry.length && entry[end] != '\n') {
      end++;
    }
    Object head = Json.lean().readTree(Arrays.copyOf(entry, end));
    return new HeadedEntry(
        head instanceof Map<?, ?> map ? map : Map.of(),
        Arrays.copyOfRange(entry, Math.min(entry.length, end + 1), entry.length));
  }
}
