package io.djong.content;

import io.djong.model.Digest;
import java.io.IOException;

/// Holds blobs that no name points at yet (or may soon point at no more), so that a sweep leaves
/// them alone: what is kept, and what a kept manifest needs. Whoever stores, copies or reads an
/// image does so under a lease, from before its first look at the store until the image has its
/// name. Safe for use by several threads. A lease ends with the process that took it.
public interface Lease extends AutoCloseable {
  /// Keeps the blob from now on, whether it is there already or not: whoever finds it in the store
  /// afterwards will find it there until the lease is closed. Waits while a sweep is under way.
  void keep(Digest blob);

  /// Begins a blob that is kept from its commit on.
  BlobWriter newWriter() throws IOException;

  /// The same for a blob whose digest is known; see [BlobStore#writerOf].
  BlobWriter writerOf(Digest blob) throws IOException;

  /// Idempotent.
  @Override
  void close();
}
