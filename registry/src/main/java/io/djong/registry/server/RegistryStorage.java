package io.djong.registry.server;

import io.djong.content.BlobStore;
import io.djong.model.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a registry keeps what it has: blobs by digest, shared by all repositories, and small
/// entries by key, which say what belongs to whom. A key is one or more names joined by `/`; a name
/// is not empty, does not begin with a dot, and has ASCII letters, digits and `:+._-` alone. No key
/// goes on below another key.
///
/// An entry is there whole or not at all, and durable once the method that made it returned. Safe
/// for use by several threads.
public interface RegistryStorage extends AutoCloseable {
  /// The entry's bytes; null if it is not there.
  byte @Nullable [] read(String key) throws IOException;

  /// Makes or replaces an entry at once.
  void write(String key, byte[] bytes) throws IOException;

  /// Makes an entry if there is none; of several at the same time one succeeds.
  ///
  /// @return false if there is one
  boolean create(String key, byte[] bytes) throws IOException;

  /// @return false if there was none
  boolean delete(String key) throws IOException;

  /// When the entry was written, or [#touch]ed; the epoch if it is not there.
  Instant written(String key) throws IOException;

  /// Notes that the entry is in use now, not finer than a minute.
  ///
  /// @return false if it is not there
  boolean touch(String key) throws IOException;

  /// Deletes an entry unless it was written or touched since. Whoever touches it at the same time,
  /// on this server or another that shares the storage, either keeps it or is told that it is gone.
  ///
  /// @return whether it did, or another server at the same time
  boolean deleteUnused(String key, Instant before) throws IOException;

  /// The names directly below a key's beginning, of entries and of what further keys go on with, in
  /// the order of their bytes; at most `limit` of those that come after the name `after`.
  List<String> names(String folder, String after, int limit) throws IOException;

  BlobStore blobs();

  /// The size of a blob that is going to be referred to, which counts as its use; empty if it is
  /// not there.
  OptionalLong use(Digest blob) throws IOException;

  /// As [#deleteUnused(String, Instant)], for a blob.
  ///
  /// @return how many bytes it had; empty if it stays
  OptionalLong deleteUnused(Digest blob, Instant before) throws IOException;

  /// The digests of all blobs, in no order, a few held at a time. To be closed.
  Stream<Digest> digests() throws IOException;

  /// Clears away uploads to which nobody has written since.
  void clear(Instant before) throws IOException;

  /// Whether other servers may use the storage at the same time. Then what one has read may be
  /// another thing a moment later, and nothing may be kept open between two requests.
  default boolean isShared() {
    return false;
  }

  /// Opens a blob for sending; null if it is not there.
  @Nullable StoredBlob open(Digest digest) throws IOException;

  @Override
  void close() throws IOException;
}
