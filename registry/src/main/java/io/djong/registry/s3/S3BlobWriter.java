package io.djong.registry.s3;

import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes an upload in parts into the object that will be the blob's. Between requests all of it is
/// in the bucket, so that another server can go on.
final class S3BlobWriter extends BlobWriter {
  /// The least bytes that a part may have that is not the last, by S3's rules.
  static final int LEAST_PART = 5 << 20;

  private static final long PART = 16L << 20;

  /// S3 allows 10,000 parts: the later ones are larger, up to 5 TiB altogether.
  private static final int PARTS_OF_ONE_SIZE = 1500;

  private final S3Blobs store;
  private final Bucket bucket;
  private final ConditionalWrites writes;
  private final String id;
  private final Spool spool;
  private final List<String> etags;
  private @Nullable String multipart;
  private @Nullable String etag;
  private @Nullable MessageDigest hash;
  private long sent;
  private boolean ended;

  /// Whether the state in the bucket says that nobody goes on.
  private boolean claimed;

  /// Whether what is in the bucket is not, or may not be, for this one to take away.
  private boolean surrendered;

  /// @param etag of the state that is in the bucket; null if none is
  /// @param hash of what was written; null if it is not known
  S3BlobWriter(
      S3Blobs store,
      Bucket bucket,
      String id,
      UploadState state,
      @Nullable String etag,
      @Nullable MessageDigest hash)
      throws IOException {
    this.store = store;
    this.bucket = bucket;
    this.writes = new ConditionalWrites(bucket);
    this.id = id;
    this.spool = store.spool(id);
    this.etags = new ArrayList<>(state.etags());
    this.multipart = state.multipart();
    this.etag = etag;
    this.hash = hash;
    this.sent = state.sent();
    spool.write(state.rest(), 0, state.rest().length);
  }

  @Override
  public UploadId upload() {
    return new UploadId(id);
  }

  @Override
  public long position() {
    return sent + spool.size();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    checkOpen();
    spool.write(bytes, offset, length);
    if (hash != null) {
      hash.update(bytes, offset, length);
    }
    if (spool.size() >= partSize()) {
      sendPart();
    }
  }

  private long partSize() {
    return PART << (etags.size() / PARTS_OF_ONE_SIZE);
  }

  private void sendPart() throws IOException {
    if (etag == null) {
      save(null); // Before there is something in the bucket that has to be cleared away one day.
    }
    String upload = multipart;
    if (upload == null) {
      upload = bucket.begin(Pointer.object(id));
      multipart = upload;
    }
    String part = bucket.part(Pointer.object(id), upload, etags.size() + 1, spool.body());
    etags.add(part);
    sent += spool.size();
    spool.clear();
  }

  /// @param becoming [UploadState#digest]
  /// @throws Fault.Conflict if another server changed it meanwhile
  private void save(@Nullable String becoming) throws IOException {
    boolean small = spool.size() < LEAST_PART && becoming == null;
    Stamped entry =
        Stamped.of(
            new UploadState(multipart, etags, sent, becoming, small ? spool.bytes() : new byte[0])
                .entry());
    String key = UploadState.key(id);
    String before = etag;
    surrendered = true; // Until it is known to be ours.
    String now = before == null ? writes.create(key, entry) : writes.replace(key, entry, before);
    if (now == null) {
      throw new Fault.Conflict("upload " + id + " is being written by somebody else");
    }
    surrendered = false;
    etag = now;
    claimed = becoming != null;
  }

  @Override
  public Digest commit(@Nullable Digest expected) throws IOException {
    checkOpen();
    boolean kept = false;
    try {
      Digest digest = multipart == null ? commitSpool(expected) : commitParts(expected);
      kept = true;
      end();
      if (etag != null) {
        bucket.delete(UploadState.key(id));
      }
      return digest;
    } finally {
      if (!kept) {
        discard();
      }
    }
  }

  /// Few enough bytes to be sent at once.
  private Digest commitSpool(@Nullable Digest expected) throws IOException {
    MessageDigest known = hash;
    Digest digest;
    if (known != null && (expected == null || expected.algorithm().equals(Digest.SHA256))) {
      digest = Digest.ofHash(Digest.SHA256, known.digest());
    } else {
      try (InputStream in = spool.open()) {
        digest = hash(in, expected == null ? Digest.SHA256 : expected.algorithm());
      }
    }
    check(expected, digest);
    long size = spool.size();
    if (size <= Pointer.MOST) {
      point(digest, new Pointer(size, null, spool.bytes()));
    } else {
      save(digest.toString());
      bucket.put(Pointer.object(id), spool.body());
      point(digest, new Pointer(size, id, new byte[0]));
    }
    return digest;
  }

  private Digest commitParts(@Nullable Digest expected) throws IOException {
    MessageDigest known = hash;
    Digest digest = null;
    if (known != null && (expected == null || expected.algorithm().equals(Digest.SHA256))) {
      digest = Digest.ofHash(Digest.SHA256, known.digest());
      check(expected, digest);
    }
    if (spool.size() > 0) {
      sendPart();
    }
    String upload = Objects.requireNonNull(multipart);
    Digest becoming = digest == null ? expected : digest;
    save(becoming == null ? null : becoming.toString());
    writes.complete(Pointer.object(id), upload, etags);
    multipart = null;
    if (digest == null) {
      // Another server wrote the first parts: what they were is known to the bucket alone.
      try (InputStream in = bucket.open(Pointer.object(id), 0, sent)) {
        digest =
            hash(
                in == null ? InputStream.nullInputStream() : in,
                expected == null ? Digest.SHA256 : expected.algorithm());
      }
      check(expected, digest);
    }
    point(digest, new Pointer(sent, id, new byte[0]));
    return digest;
  }

  private void point(Digest digest, Pointer pointer) throws IOException {
    // If that fails, the blob may be there, or may come: what is left is cleared away when it is
    // old.
    surrendered = true;
    store.point(digest, pointer);
  }

  private static void check(@Nullable Digest expected, Digest digest) {
    if (expected != null && !expected.equals(digest)) {
      throw new Fault.Invalid(
          "the bytes are not those of " + expected + ": their digest is " + digest);
    }
  }

  static Digest hash(InputStream in, String algorithm) throws IOException {
    MessageDigest hash = Digest.newHash(algorithm);
    byte[] buffer = new byte[64 << 10];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      hash.update(buffer, 0, n);
    }
    return Digest.ofHash(algorithm, hash.digest());
  }

  /// @throws Fault.Conflict if another server changed it meanwhile: then nothing is dropped
  @Override
  public void discard() throws IOException {
    if (ended) {
      return;
    }
    end();
    if (surrendered) {
      return;
    }
    if (etag != null && !claimed) {
      // Else another server could go on, or have made it a blob, which would lose its bytes now.
      save(UploadState.GIVEN_UP);
    }
    String upload = multipart;
    if (upload != null) {
      bucket.abort(Pointer.object(id), upload);
    }
    if (etag != null) {
      bucket.delete(Pointer.object(id));
      bucket.delete(UploadState.key(id));
    }
  }

  @Override
  public void close() throws IOException {
    if (ended) {
      return;
    }
    try {
      if (spool.size() >= LEAST_PART) {
        sendPart();
      }
      save(null);
      store.park(id, Objects.requireNonNull(etag), hash);
    } finally {
      end();
    }
  }

  private void end() throws IOException {
    ended = true;
    store.ended(id);
    spool.close();
  }

  private void checkOpen() throws IOException {
    if (ended) {
      throw new IOException("the writer of upload " + id + " has ended");
    }
  }
}
