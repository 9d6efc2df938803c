package io.djong.registry.s3;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Small objects that several servers write, read and take away at the same time. Each change is
/// conditional on the state that was looked at. Safe for use by several threads.
final class Entries {
  private static final Duration TOUCH_STEP = Duration.ofMinutes(1);
  private static final int ATTEMPTS = 50;

  private final Bucket bucket;
  private final ConditionalWrites writes;

  Entries(Bucket bucket) {
    this.bucket = bucket;
    this.writes = new ConditionalWrites(bucket);
  }

  /// @return null if it is not there
  byte @Nullable [] read(String key) throws IOException {
    Bucket.Read found = bucket.get(key);
    return found == null ? null : Stamped.bytes(found.bytes());
  }

  void write(String key, byte[] bytes) throws IOException {
    bucket.put(
        key, software.amazon.awssdk.core.sync.RequestBody.fromBytes(Stamped.of(bytes).object()));
  }

  /// @return false if there is one
  boolean create(String key, byte[] bytes) throws IOException {
    return writes.create(key, Stamped.of(bytes)) != null;
  }

  Instant written(String key) throws IOException {
    Bucket.State state = bucket.head(key);
    return state == null ? Instant.EPOCH : state.written();
  }

  /// Notes that the entry is in use.
  ///
  /// @return false if it is not there
  boolean touch(String key) throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Bucket.State state = bucket.head(key);
      if (state == null) {
        return false;
      }
      if (isFresh(state)) {
        return true;
      }
      Bucket.Read found = bucket.get(key);
      if (found == null) {
        return false;
      }
      if (restamp(key, found)) {
        return true;
      }
    }
    throw busy(key);
  }

  /// The same, for who needs its bytes.
  byte @Nullable [] use(String key) throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Bucket.Read found = bucket.get(key);
      if (found == null) {
        return null;
      }
      if (isFresh(found.state()) || restamp(key, found)) {
        return Stamped.bytes(found.bytes());
      }
    }
    throw busy(key);
  }

  private boolean restamp(String key, Bucket.Read found) throws IOException {
    Stamped again = Stamped.of(Stamped.bytes(found.bytes()));
    return writes.replace(key, again, found.state().etag()) != null;
  }

  private static boolean isFresh(Bucket.State state) {
    return state.written().isAfter(Instant.now().minus(TOUCH_STEP));
  }

  /// Deletes the entry unless it was written or touched since.
  ///
  /// @return its bytes if it was deleted, by this or by another at the same time
  byte @Nullable [] deleteUnused(String key, Instant before) throws IOException {
    Bucket.State state = bucket.head(key);
    if (state == null || !state.written().isBefore(before)) {
      return null;
    }
    Bucket.Read found = bucket.get(key);
    return found != null
            && found.state().etag().equals(state.etag())
            && writes.delete(key, state.etag())
        ? Stamped.bytes(found.bytes())
        : null;
  }

  private static IOException busy(String key) {
    return new IOException(key + " is being changed by others all the time");
  }
}
