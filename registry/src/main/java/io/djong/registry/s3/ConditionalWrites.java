package io.djong.registry.s3;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Changes of objects on condition, of which is known what became of them. A request whose answer
/// was lost is repeated by the client library, and refused then because of itself; or no attempt
/// gets an answer. So whatever is not plain success is decided by a look at what is there. Safe for
/// use by several threads, and by several servers.
///
/// Each method throws an [IOException] if the object store cannot be asked, or did nothing so far:
/// then the request may yet arrive.
final class ConditionalWrites {
  private static final int ATTEMPTS = 50;
  private static final int SERVER_ERRORS = 500;

  private final Bucket bucket;

  ConditionalWrites(Bucket bucket) {
    this.bucket = bucket;
  }

  /// One request about an object.
  private interface Request<T extends @Nullable Object> {
    T send() throws IOException;
  }

  /// Makes an object if there is none.
  ///
  /// @return its etag; null if another one is there, be it that it came after this one
  @Nullable String create(String key, Stamped mine) throws IOException {
    return write(key, mine, () -> bucket.create(key, mine.object()), found -> found != null);
  }

  /// Makes an object another one if it is in a state still.
  ///
  /// @return its etag; null if it is gone or in another state, be it that this came after this one
  @Nullable String replace(String key, Stamped mine, String etag) throws IOException {
    return write(
        key,
        mine,
        () -> bucket.replace(key, mine.object(), etag),
        found -> found == null || !found.state().etag().equals(etag));
  }

  /// @param isLost whether the condition does not hold for what is there
  private @Nullable String write(
      String key,
      Stamped mine,
      Request<@Nullable String> request,
      Predicate<Bucket.@Nullable Read> isLost)
      throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      IOException failure = null;
      try {
        String etag = request.send();
        if (etag != null) {
          return etag;
        }
      } catch (IOException e) {
        failure = e;
      }
      Bucket.Read found = look(() -> bucket.get(key), failure);
      if (found != null && Arrays.equals(found.bytes(), mine.object())) {
        return found.state().etag();
      }
      throwIfAnswered(failure);
      if (isLost.test(found)) {
        return null;
      }
      throwIf(failure);
      // Refused because of somebody who was about to write and did not, or is gone again.
    }
    throw busy(key);
  }

  /// Deletes an object if it is in a state still. Nothing is left by which it could be told who
  /// deleted it: of several who do at the same time each may be told that it did, so what they do
  /// then has to be idempotent.
  ///
  /// @return whether it is gone
  boolean delete(String key, String etag) throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      IOException failure = null;
      try {
        if (bucket.delete(key, etag)) {
          return true;
        }
      } catch (IOException e) {
        failure = e;
      }
      Bucket.State found = look(() -> bucket.head(key), failure);
      throwIfAnswered(failure);
      if (found == null) {
        return true;
      }
      if (!found.etag().equals(etag)) {
        return false;
      }
      throwIf(failure);
    }
    throw busy(key);
  }

  /// Makes the parts of an upload an object whose key is never used again, so if it is there, it is
  /// this one.
  void complete(String key, String multipart, List<String> etags) throws IOException {
    IOException failure = null;
    try {
      if (bucket.complete(key, multipart, etags)) {
        return;
      }
    } catch (IOException e) {
      failure = e;
    }
    if (look(() -> bucket.head(key), failure) == null) {
      throwIf(failure);
      throw new IOException(key + ": its parts are gone");
    }
  }

  private static <T extends @Nullable Object> T look(
      Request<T> request, @Nullable IOException failure) throws IOException {
    try {
      return request.send();
    } catch (IOException e) {
      if (failure == null) {
        throw e;
      }
      failure.addSuppressed(e);
      throw failure;
    }
  }

  /// What failed may have been done, unless the object store said that it would not do it.
  private static void throwIfAnswered(@Nullable IOException failure) throws IOException {
    if (failure != null
        && failure.getCause() instanceof S3Exception answer
        && answer.statusCode() < SERVER_ERRORS) {
      throw failure;
    }
  }

  private static void throwIf(@Nullable IOException failure) throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  private static IOException busy(String key) {
    return new IOException(key + " is being changed by others all the time");
  }
}
