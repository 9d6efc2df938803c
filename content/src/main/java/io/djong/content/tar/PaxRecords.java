package io.djong.content.tar;

import io.djong.model.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The records of one extended header (POSIX pax, "length key=value\n"). Values are bytes:
/// attributes hold anything.
final class PaxRecords {
  static final String XATTR = "SCHILY.xattr.";
  private static final String SPARSE_OFFSET = "GNU.sparse.offset";
  private static final String SPARSE_BYTES = "GNU.sparse.numbytes";

  private final Map<String, byte[]> records = new LinkedHashMap<>();

  /// GNU.sparse 0.0 repeats its two keys for each piece, so that their order is the map.
  private final List<Long> sparseNumbers = new ArrayList<>();

  static PaxRecords parse(byte[] bytes) {
    PaxRecords pax = new PaxRecords();
    int at = 0;
    while (at < bytes.length) {
      int blank = at;
      int length = 0;
      while (blank < bytes.length
          && bytes[blank] >= '0'
          && bytes[blank] <= '9'
          && length <= bytes.length) {
        length = length * 10 + bytes[blank] - '0';
        blank++;
      }
      if (blank == at && isZeros(bytes, at)) {
        break;
      }
      int end = at + length;
      if (blank >= bytes.length
          || bytes[blank] != ' '
          || length > bytes.length - at
          || end <= blank + 1
          || bytes[end - 1] != '\n') {
        throw new Fault.Invalid("an extended header has a record of the wrong length");
      }
      pax.add(bytes, blank + 1, end - 1);
      at = end;
    }
    return pax;
  }

  private static boolean isZeros(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void add(byte[] bytes, int start, int end) {
    int equals = start;
    while (equals < end && bytes[equals] != '=') {
      equals++;
    }
    if (equals == end || equals == start) {
      throw new Fault.Invalid("an extended header has a record without a key or value");
    }
    String key = new String(bytes, start, equals - start, StandardCharsets.UTF_8);
    byte[] value = java.util.Arrays.copyOfRange(bytes, equals + 1, end);
    if (key.equals(SPARSE_OFFSET) || key.equals(SPARSE_BYTES)) {
      if ((sparseNumbers.size() % 2 == 0) != key.equals(SPARSE_OFFSET)) {
        throw new Fault.Invalid("a sparse map is out of order");
      }
      sparseNumbers.add(TarNumbers.decimal(new String(value, StandardCharsets.US_ASCII), key));
    } else if (value.length == 0 && !key.startsWith(XATTR)) {
      // POSIX: an empty value takes back what was said before. An attribute may well be empty.
      records.remove(key);
    } else {
      records.put(key, value);
    }
  }

  byte @Nullable [] bytes(String key) {
    return records.get(key);
  }

  @Nullable String text(String key) {
    byte[] value = records.get(key);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  List<Long> sparseNumbers() {
    return sparseNumbers;
  }

  SortedMap<String, byte[]> xattrs() {
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    records.forEach(
        (key, value) -> {
          if (key.startsWith(XATTR) && key.length() > XATTR.length()) {
            xattrs.put(key.substring(XATTR.length()), value);
          }
        });
    return xattrs;
  }
}
