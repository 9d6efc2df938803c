package io.djong.registry.s3;

import io.djong.content.BlobStore;
import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps blobs in a bucket: under each digest a [Pointer], which is written last and by one
/// request, so a blob is there whole or not at all; large ones in an object of their own. Safe for
/// use by several threads, and by several servers.
final class S3Blobs implements BlobStore {
  private static final Logger LOG = System.getLogger("io.djong.registry");
  private static final String OCTETS = "application/octet-stream";
  private static final int ID_BYTES = 16;
  private static final int PARKED = 1000;
  private static final int PAGE = 1000;

  private final Bucket bucket;
  private final Entries entries;
  private final Path spools;
  private final SecureRandom random = new SecureRandom();
  private final Set<String> writing = ConcurrentHashMap.newKeySet();

  /// Hashes of uploads that were written here last, by their ids. Guarded by itself.
  private final Map<String, Parked> parked =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Parked> eldest) {
          return size() > PARKED;
        }
      };

  private record Parked(String etag, MessageDigest hash) {}

  /// @param spools a folder for what waits to be sent; its content is of no use to anybody else
  S3Blobs(Bucket bucket, Entries entries, Path spools) throws IOException {
    this.bucket = bucket;
    this.entries = entries;
    this.spools = spools;
    Files.createDirectories(spools);
    try (var left = Files.newDirectoryStream(spools)) {
      for (Path each : left) {
        Files.deleteIfExists(each);
      }
    }
  }

  @Nullable Pointer pointer(Digest digest) throws IOException {
    byte[] entry = entries.read(Pointer.key(digest));
    return entry == null ? null : Pointer.read(entry);
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    Pointer found = pointer(digest);
    return found == null ? OptionalLong.empty() : OptionalLong.of(found.size());
  }

  /// The size of a blob, which from now on is in use.
  OptionalLong use(Digest digest) throws IOException {
    byte[] entry = entries.use(Pointer.key(digest));
    return entry == null ? OptionalLong.empty() : OptionalLong.of(Pointer.read(entry).size());
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    Pointer found = pointer(digest);
    InputStream in = found == null ? null : found.open(bucket, 0, found.size());
    if (in == null) {
      throw new Fault.NotFound("blob " + digest + " is not in the store");
    }
    return in;
  }

  @Override
  public BlobWriter newWriter() throws IOException {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    writing.add(id);
    return new S3BlobWriter(this, bucket, id, UploadState.NEW, null, Digest.newHash(Digest.SHA256));
  }

  @Override
  public BlobWriter reopen(UploadId upload) throws IOException {
    String id = upload.value();
    if (!isId(id)) {
      throw unknown(id);
    }
    if (!writing.add(id)) {
      throw new Fault.Conflict("upload " + id + " is being written by somebody else");
    }
    boolean kept = false;
    try {
      Bucket.Read found = bucket.get(UploadState.key(id));
      if (found == null) {
        throw unknown(id);
      }
      UploadState state = UploadState.read(Stamped.bytes(found.bytes()));
      if (state.digest() != null) {
        throw unknown(id); // On its way to be a blob, or away.
      }
      MessageDigest hash = unpark(id, found.state().etag());
      if (hash == null && state.multipart() == null) {
        hash = Digest.newHash(Digest.SHA256);
        hash.update(state.rest());
      }
      BlobWriter writer = new S3BlobWriter(this, bucket, id, state, found.state().etag(), hash);
      kept = true;
      return writer;
    } finally {
      if (!kept) {
        writing.remove(id);
      }
    }
  }

  private static Fault.NotFound unknown(String id) {
    return new Fault.NotFound("there is no upload \"" + id + "\"");
  }

  @Override
  public void delete(Digest digest) throws IOException {
    Pointer found = pointer(digest);
    bucket.delete(Pointer.key(digest));
    if (found != null && found.object() != null) {
      bucket.delete(Pointer.object(found.object()));
    }
  }

  /// Deletes the blob unless it was written or used since.
  ///
  /// @return how many bytes that freed; empty if it stays
  OptionalLong deleteUnused(Digest digest, Instant before) throws IOException {
    byte[] entry = entries.deleteUnused(Pointer.key(digest), before);
    if (entry == null) {
      return OptionalLong.empty();
    }
    Pointer gone = Pointer.read(entry);
    String object = gone.object();
    if (object != null) {
      // Nobody finds it any more, and nobody will use its name again.
      bucket.delete(Pointer.object(object));
    }
    return OptionalLong.of(gone.size());
  }

  @Override
  public Instant lastUsed(Digest digest) throws IOException {
    return entries.written(Pointer.key(digest));
  }

  /// Makes bytes that are in the bucket a blob.
  void point(Digest digest, Pointer pointer) throws IOException {
    byte[] before = entries.use(Pointer.key(digest));
    if (before != null) {
      Pointer known = Pointer.read(before);
      if (known.size() == pointer.size() && isThere(known)) {
        if (pointer.object() != null) {
          bucket.delete(Pointer.object(pointer.object()));
        }
        return;
      }
    }
    entries.write(Pointer.key(digest), pointer.entry());
  }

  private boolean isThere(Pointer pointer) throws IOException {
    if (pointer.object() == null) {
      return pointer.bytes().length == pointer.size();
    }
    Bucket.State state = bucket.head(Pointer.object(pointer.object()));
    return state != null && state.size() == pointer.size();
  }

  /// Every digest that there is a blob of, a page at a time.
  Stream<Digest> digests() {
    return Stream.iterate(
            page(""), page -> !page.isEmpty(), page -> page(page.getLast().toString()))
        .flatMap(List::stream);
  }

  private List<Digest> page(String after) {
    try {
      List<Digest> digests = new ArrayList<>();
      String from = after.isEmpty() ? "" : "blobs/" + after;
      for (Bucket.Listed each : bucket.folder("blobs/", from, PAGE)) {
        digests.add(Digest.parse(each.key().substring("blobs/".length())));
      }
      return digests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Stream<Descriptor> list() throws IOException {
    return digests()
        .flatMap(
            digest -> {
              try {
                OptionalLong size = size(digest);
                return size.isPresent()
                    ? Stream.of(Descriptor.of(OCTETS, digest, size.getAsLong()))
                    : Stream.empty();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /// Clears away uploads to which nobody has written since, and what a server that died left half
  /// done.
  void clear(Instant before) throws IOException {
    String after = "";
    while (true) {
      List<Bucket.Listed> page = bucket.folder("uploads/", after, PAGE);
      for (Bucket.Listed each : page) {
        String id = each.key().substring("uploads/".length());
        if (each.written().isBefore(before) && isId(id) && !writing.contains(id)) {
          clear(id, before);
        }
      }
      if (page.size() < PAGE) {
        break;
      }
      after = page.getLast().key();
    }
    for (Bucket.Dangling each : bucket.unfinished("data/")) {
      String id = each.key().substring("data/".length());
      if (each.begun().isBefore(before) && bucket.head(UploadState.key(id)) == null) {
        bucket.abort(each.key(), each.multipart());
      }
    }
  }

  private void clear(String id, Instant before) throws IOException {
    byte[] entry = entries.deleteUnused(UploadState.key(id), before);
    if (entry == null) {
      return;
    }
    UploadState state = UploadState.read(entry);
    if (state.multipart() != null) {
      bucket.abort(Pointer.object(id), state.multipart());
    }
    String digest = state.digest();
    Pointer became =
        digest == null || digest.equals(UploadState.GIVEN_UP)
            ? null
            : pointer(Digest.parse(digest));
    if (became == null || !id.equals(became.object())) {
      bucket.delete(Pointer.object(id));
    }
    LOG.log(Level.DEBUG, () -> "cleared away the upload " + id);
  }

  Spool spool(String id) {
    return new Spool(spools.resolve(id));
  }

  void ended(String id) {
    writing.remove(id);
  }

  void park(String id, String etag, @Nullable MessageDigest hash) {
    if (hash != null) {
      synchronized (parked) {
        parked.put(id, new Parked(etag, hash));
      }
    }
  }

  private @Nullable MessageDigest unpark(String id, String etag) {
    synchronized (parked) {
      Parked found = parked.remove(id);
      return found != null && found.etag().equals(etag) ? found.hash() : null;
    }
  }

  private static boolean isId(String id) {
    return id.length() == ID_BYTES * 2
        && id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
