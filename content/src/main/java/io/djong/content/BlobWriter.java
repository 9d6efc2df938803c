package io.djong.content;

import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Writes one blob. For one thread. Closing keeps the bytes for [BlobStore#reopen]; only a commit
/// makes them a blob.
public abstract class BlobWriter extends OutputStream {
  public abstract UploadId upload();

  /// How many bytes were written so far.
  public abstract long position();

  /// Opens the bytes written so far, from the first to [#position]. Only for a writer from
  /// [BlobStore#writerOf], before more is written.
  public InputStream written() throws IOException {
    if (position() > 0) {
      throw new IllegalStateException("upload " + upload().value() + " cannot be read");
    }
    return InputStream.nullInputStream();
  }

  /// Makes the bytes a durable blob, visible at once and whole. Ends the writer.
  ///
  /// @param expected what the digest must be; null takes what it is (sha256)
  /// @throws io.djong.model.Fault.Invalid if the bytes have another digest; they are dropped
  public abstract Digest commit(@Nullable Digest expected) throws IOException;

  /// Drops the bytes. Ends the writer.
  public abstract void discard() throws IOException;
}
