package io.djong.content;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Small durable records, by kind and key. What a write changed is all there or not at all, and is
/// there after a power cut once the call has returned. Safe for use by several threads.
public interface RecordStore extends AutoCloseable {
  /// All records of a kind, by key, in the order of their keys.
  Map<String, byte[]> all(String kind) throws IOException;

  byte @Nullable [] get(String kind, String key) throws IOException;

  /// Applies all changes in one transaction, in order.
  void write(List<Change> changes) throws IOException;

  /// Applies changes in one transaction after all that were asked for before, without waiting for
  /// it: for what may be lost with the power or a kill right afterwards. Closing waits for it; if
  /// it fails, that is logged.
  void writeLater(List<Change> changes) throws IOException;

  /// Looks whether the store is whole.
  ///
  /// @return what is wrong; nothing if all is well
  default List<String> check() throws IOException {
    return List.of();
  }

  default void put(String kind, String key, byte[] value) throws IOException {
    write(List.of(new Change(kind, key, value)));
  }

  /// Idempotent.
  default void delete(String kind, String key) throws IOException {
    write(List.of(new Change(kind, key, null)));
  }

  @Override
  void close() throws IOException;

  /// A record's new value, or its end where the value is null.
  @SuppressWarnings("ArrayRecordComponent") // Never compared; copied by nobody.
  record Change(String kind, String key, byte @Nullable [] value) {}
}
