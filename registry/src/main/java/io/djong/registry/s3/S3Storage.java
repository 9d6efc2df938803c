package io.djong.registry.s3;

import io.djong.content.BlobStore;
import io.djong.http.HttpResponse;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.registry.server.BucketSettings;
import io.djong.registry.server.RegistryStorage;
import io.djong.registry.server.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps a registry in a bucket of an object store that speaks S3. Any number of servers may share
/// one: nothing that matters is anywhere else, and what several may change at once is changed on
/// condition that it is what it was.
///
/// The object store must refuse a write (`If-None-Match`, `If-Match`) and a removal (`If-Match`)
/// whose condition does not hold; that is tried when this is opened. A name ends in `!` there,
/// which is less than all that names have, so that a listing is in the order of names.
public final class S3Storage implements RegistryStorage {
  private static final String END = "!";

  private final Bucket bucket;
  private final Entries entries;
  private final S3Blobs blobs;

  private S3Storage(Bucket bucket, Entries entries, S3Blobs blobs) {
    this.bucket = bucket;
    this.entries = entries;
    this.blobs = blobs;
  }

  /// @param spools a folder for what waits to be sent, of this server alone
  /// @throws Fault.Invalid if the object store does not refuse what it must
  public static S3Storage open(BucketSettings settings, Path spools) throws IOException {
    Bucket bucket = Bucket.open(settings);
    boolean kept = false;
    try {
      tryConditions(bucket);
      Entries entries = new Entries(bucket);
      S3Storage storage = new S3Storage(bucket, entries, new S3Blobs(bucket, entries, spools));
      kept = true;
      return storage;
    } finally {
      if (!kept) {
        bucket.close();
      }
    }
  }

  private static void tryConditions(Bucket bucket) throws IOException {
    String key = "probe/" + UUID.randomUUID();
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    String other = "\"00000000000000000000000000000000\"";
    ConditionalWrites writes = new ConditionalWrites(bucket);
    if (writes.create(key, Stamped.of(bytes)) == null) {
      throw new IOException("the bucket does not take " + key);
    }
    boolean holds =
        writes.create(key, Stamped.of(bytes)) == null
            && writes.replace(key, Stamped.of(bytes), other) == null
            && !writes.delete(key, other)
            && bucket.head(key) != null;
    bucket.delete(key);
    if (!holds) {
      throw new Fault.Invalid(
          "s3: this object store ignores conditions of writes and removals (If-Match,"
              + " If-None-Match): a registry in it could lose what it acknowledged");
    }
  }

  private static String object(String key) {
    return "names/" + key.replace("/", END + "/") + END;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public byte @Nullable [] read(String key) throws IOException {
    return entries.read(object(key));
  }

  @Override
  public void write(String key, byte[] bytes) throws IOException {
    entries.write(object(key), bytes);
  }

  @Override
  public boolean create(String key, byte[] bytes) throws IOException {
    return entries.create(object(key), bytes);
  }

  @Override
  public boolean delete(String key) throws IOException {
    String object = object(key);
    if (bucket.head(object) == null) {
      return false;
    }
    bucket.delete(object);
    return true;
  }

  @Override
  public boolean deleteUnused(String key, Instant before) throws IOException {
    return entries.deleteUnused(object(key), before) != null;
  }

  @Override
  public Instant written(String key) throws IOException {
    return entries.written(object(key));
  }

  @Override
  public boolean touch(String key) throws IOException {
    return entries.touch(object(key));
  }

  @Override
  public List<String> names(String folder, String after, int limit) throws IOException {
    String base = "names/" + folder.replace("/", END + "/") + END + "/";
    List<String> names = new ArrayList<>();
    String last = after;
    while (names.size() < limit) {
      int wanted = limit - names.size();
      // What follows a slash comes after the name that it follows, and before this.
      String from = last.isEmpty() ? "" : base + last + END + "0";
      List<Bucket.Listed> page = bucket.folder(base, from, wanted);
      List<String> found = new ArrayList<>();
      for (Bucket.Listed each : page) {
        String key = each.key();
        int end = each.size() < 0 ? key.length() - 2 : key.length() - 1;
        found.add(key.substring(base.length(), end));
      }
      Collections.sort(found);
      names.addAll(found);
      if (found.isEmpty()) {
        break;
      }
      last = found.getLast();
    }
    return names;
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public OptionalLong use(Digest blob) throws IOException {
    return blobs.use(blob);
  }

  @Override
  public OptionalLong deleteUnused(Digest blob, Instant before) throws IOException {
    return blobs.deleteUnused(blob, before);
  }

  @Override
  public Stream<Digest> digests() {
    return blobs.digests();
  }

  @Override
  public void clear(Instant before) throws IOException {
    blobs.clear(before);
  }

  @Override
  public @Nullable StoredBlob open(Digest digest) throws IOException {
    Pointer pointer = blobs.pointer(digest);
    return pointer == null ? null : new Remote(bucket, digest, pointer);
  }

  @Override
  public void close() {
    bucket.close();
  }

  private record Remote(Bucket bucket, Digest digest, Pointer pointer) implements StoredBlob {
    @Override
    public long size() {
      return pointer.size();
    }

    @Override
    public void send(HttpResponse response, long position, long count) throws IOException {
      try (InputStream in = pointer.open(bucket, position, count)) {
        if (in == null) {
          throw new IOException("the bucket has lost the bytes of " + digest);
        }
        response.header("Content-Length", Long.toString(count));
        try (OutputStream out = response.stream()) {
          in.transferTo(out);
        }
      }
    }

    @Override
    public void close() {}
  }
}
