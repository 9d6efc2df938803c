package io.djong.registry.s3;

import io.djong.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a bucket has under a blob's digest: the bytes themselves if they are few, else the name of
/// the object that they are in. An object's name is never used twice, so whoever takes a pointer
/// away may take its object away too.
///
/// @param object null if the bytes are here
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Pointer(long size, @Nullable String object, byte[] bytes) {
  /// The most bytes that are kept in the pointer.
  static final int MOST = 64 << 10;

  static String key(Digest digest) {
    return "blobs/" + digest;
  }

  static String object(String id) {
    return "data/" + id;
  }

  byte[] entry() {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("size", size);
    if (object != null) {
      head.put("object", object);
    }
    return new HeadedEntry(head, bytes).bytes();
  }

  static Pointer read(byte[] entry) throws IOException {
    HeadedEntry read = HeadedEntry.read(entry);
    if (read.head().get("size") instanceof Number size) {
      String object = read.head().get("object") instanceof String text ? text : null;
      return new Pointer(size.longValue(), object, read.rest());
    }
    throw new IOException("a blob's entry in the bucket is damaged");
  }

  /// Opens the bytes; null if their object is not there.
  @Nullable InputStream open(Bucket bucket, long position, long count) throws IOException {
    if (count == 0) {
      return InputStream.nullInputStream();
    }
    if (object == null) {
      return new ByteArrayInputStream(bytes, (int) position, (int) count);
    }
    return bucket.open(object(object), position, count);
  }

  /// Bytes and what comes after them.
  static InputStream joined(byte[] first, InputStream then) {
    return new SequenceInputStream(new ByteArrayInputStream(first), then);
  }
}
