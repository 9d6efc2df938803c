package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Keeps bytes by their digest. A blob is either there whole and true to its digest, or not there
/// at all. Safe for use by several threads; two writers of the same bytes both succeed.
public interface BlobStore {
  /// The size in bytes, or empty if the blob is not there.
  OptionalLong size(Digest digest) throws IOException;

  /// @throws io.djong.model.Fault.NotFound if the blob is not there
  InputStream open(Digest digest) throws IOException;

  BlobWriter newWriter() throws IOException;

  /// Goes on where a closed writer stopped, also after a restart.
  ///
  /// @throws io.djong.model.Fault.NotFound if there is no such upload
  BlobWriter reopen(UploadId upload) throws IOException;

  /// Begins a blob whose digest is known, or goes on where an earlier writer of the same was
  /// closed, also after a restart: see [BlobWriter#written]. A new writer if somebody writes that
  /// blob now, or the store cannot go on.
  default BlobWriter writerOf(Digest digest) throws IOException {
    return newWriter();
  }

  /// Frees the blob at once. Idempotent.
  void delete(Digest digest) throws IOException;

  /// When the blob was written or last opened, not finer than a minute; the epoch if it is not
  /// there or the store does not note it.
  default Instant lastUsed(Digest digest) throws IOException {
    return Instant.EPOCH;
  }

  /// All blobs, in no order; the media type of the descriptors is `application/octet-stream`.
  Stream<Descriptor> list() throws IOException;
}
