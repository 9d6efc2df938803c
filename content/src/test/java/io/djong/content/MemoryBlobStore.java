package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Blobs in memory, for tests. Safe for use by several threads.
public final class MemoryBlobStore implements BlobStore {
  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<UploadId, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  private final Set<UploadId> writing = ConcurrentHashMap.newKeySet();
  private final AtomicLong nextUpload = new AtomicLong();

  /// How many uploads are unfinished: a test looks here for what was left behind.
  public int uploads() {
    return uploads.size();
  }

  @Override
  public OptionalLong size(Digest digest) {
    byte[] bytes = blobs.get(digest);
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
  }

  @Override
  public InputStream open(Digest digest) {
    byte[] bytes = blobs.get(digest);
    if (bytes == null) {
      throw new Fault.NotFound("blob " + digest + " is not in the store");
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public BlobWriter newWriter() {
    UploadId upload = new UploadId(Long.toString(nextUpload.incrementAndGet()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    uploads.put(upload, bytes);
    writing.add(upload);
    return new Writer(upload, bytes);
  }

  @Override
  public BlobWriter reopen(UploadId upload) {
    ByteArrayOutputStream bytes = uploads.get(upload);
    if (bytes == null) {
      throw new Fault.NotFound("there is no upload \"" + upload.value() + "\"");
    }
    if (!writing.add(upload)) {
      throw new Fault.Conflict("upload " + upload.value() + " is being written by somebody else");
    }
    return new Writer(upload, bytes);
  }

  @Override
  public void delete(Digest digest) {
    blobs.remove(digest);
  }

  @Override
  public Stream<Descriptor> list() {
    return blobs.entrySet().stream()
        .map(
            blob ->
                Descriptor.of("application/octet-stream", blob.getKey(), blob.getValue().length));
  }

  private final class Writer extends BlobWriter {
    private final UploadId upload;
    private final ByteArrayOutputStream bytes;
    private boolean ended;

    Writer(UploadId upload, ByteArrayOutputStream bytes) {
      this.upload = upload;
      this.bytes = bytes;
    }

    @Override
    public UploadId upload() {
      return upload;
    }

    @Override
    public long position() {
      return bytes.size();
    }

    @Override
    public void write(int b) throws IOException {
      checkOpen();
      bytes.write(b);
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      checkOpen();
      bytes.write(b, offset, length);
    }

    @Override
    public Digest commit(@Nullable Digest expected) throws IOException {
      checkOpen();
      String algorithm = expected == null ? Digest.SHA256 : expected.algorithm();
      byte[] all = bytes.toByteArray();
      Digest digest = Digest.ofHash(algorithm, Digest.newHash(algorithm).digest(all));
      discard();
      if (expected != null && !expected.equals(digest)) {
        throw new Fault.Invalid("the bytes are not those of " + expected);
      }
      blobs.put(digest, all);
      return digest;
    }

    @Override
    public void discard() {
      uploads.remove(upload);
      close();
    }

    @Override
    public void close() {
      ended = true;
      writing.remove(upload);
    }

    private void checkOpen() throws IOException {
      if (ended) {
        throw new IOException("the writer of upload " + upload.value() + " has ended");
      }
    }
  }
}
