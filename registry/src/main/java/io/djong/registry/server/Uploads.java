package io.djong.registry.server;

import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Fault;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The uploads that are under way. Each belongs to one repository, survives a restart with the
/// bytes that came, and is written by one request at a time. Safe for use by several threads.
final class Uploads {
  /// A request whose client was cut off may still hold the upload when the client comes back.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int OPEN_WRITERS = 256;

  private final RegistryStorage storage;
  private final Map<String, Upload> open = new ConcurrentHashMap<>();

  Uploads(RegistryStorage storage) {
    this.storage = storage;
  }

  /// An upload while one request has it. Closing gives it back; what was written stays.
  final class Upload implements AutoCloseable {
    private final String id;
    private final String repository;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable BlobWriter writer;
    private boolean ended;

    private Upload(String id, String repository, @Nullable BlobWriter writer) {
      this.id = id;
      this.repository = repository;
      this.writer = writer;
    }

    String id() {
      return id;
    }

    BlobWriter writer() throws IOException {
      BlobWriter here = writer;
      if (here == null) {
        here = storage.blobs().reopen(new UploadId(id));
        writer = here;
      }
      return here;
    }

    /// How many bytes came so far, which from now on any server knows that shares the storage: to
    /// be said only then.
    long settle() throws IOException {
      BlobWriter here = writer();
      long position = here.position();
      if (storage.isShared()) {
        writer = null;
        here.close();
      }
      return position;
    }

    /// The upload is no more: it became a blob, or was dropped.
    void end() throws IOException {
      ended = true;
      open.remove(id);
      storage.delete(Keys.upload(id));
    }

    @Override
    public void close() throws IOException {
      try {
        BlobWriter here = writer;
        if (here != null && (ended || storage.isShared())) {
          writer = null;
          open.remove(id);
          here.close();
        }
      } finally {
        lock.unlock();
      }
      if (!ended) {
        closeIdle();
      }
    }
  }

  /// Begins an upload, which the caller has.
  Upload begin(String repository) throws IOException {
    BlobWriter writer = storage.blobs().newWriter();
    String id = writer.upload().value();
    storage.write(Keys.upload(id), Repositories.text(repository));
    Upload upload = new Upload(id, repository, writer);
    upload.lock.lock();
    open.put(id, upload);
    return upload;
  }

  /// Takes an upload of this repository.
  ///
  /// @throws RegistryFault with `BLOB_UPLOAD_UNKNOWN` if there is none, or with
  ///   `BLOB_UPLOAD_INVALID` if another request does not let go of it
  Upload take(String repository, String id) throws IOException, InterruptedException {
    if (!isId(id)) {
      throw unknown();
    }
    Upload upload = open.get(id);
    if (upload == null) {
      byte[] owner = storage.read(Keys.upload(id));
      if (owner == null) {
        throw unknown();
      }
      upload = open.computeIfAbsent(id, key -> new Upload(key, Repositories.text(owner), null));
    }
    if (!upload.repository.equals(repository)) {
      throw unknown();
    }
    if (!upload.lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new RegistryFault(
          RegistryError.BLOB_UPLOAD_INVALID, "another request is writing this upload");
    }
    boolean kept = false;
    try {
      if (upload.ended) {
        throw unknown();
      }
      // Put away as idle between: whoever takes it next must have the same lock.
      if (open.putIfAbsent(id, upload) != null && open.get(id) != upload) {
        throw new RegistryFault(
            RegistryError.BLOB_UPLOAD_INVALID, "another request is writing this upload");
      }
      upload.writer();
      storage.touch(Keys.upload(id));
      kept = true;
      return upload;
    } catch (Fault.NotFound e) {
      upload.end(); // Its bytes were cleared away.
      throw unknown();
    } finally {
      if (!kept) {
        upload.lock.unlock();
      }
    }
  }

  /// Closes the files of uploads that nobody has now, if there are many. Going on with one reads it
  /// again, for its hash.
  private void closeIdle() throws IOException {
    Iterator<Upload> all = open.values().iterator();
    while (open.size() > OPEN_WRITERS && all.hasNext()) {
      Upload each = all.next();
      if (each.lock.tryLock()) {
        try {
          BlobWriter writer = each.writer;
          each.writer = null;
          if (writer != null) {
            writer.close();
          }
          all.remove();
        } finally {
          each.lock.unlock();
        }
      }
    }
  }

  private static RegistryFault unknown() {
    return new RegistryFault(
        RegistryError.BLOB_UPLOAD_UNKNOWN, RegistryError.BLOB_UPLOAD_UNKNOWN.message());
  }

  private static boolean isId(String id) {
    return id.length() == 32
        && id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
