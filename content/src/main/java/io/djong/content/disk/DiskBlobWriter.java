package io.djong.content.disk;

import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes an upload and hashes it on the way.
final class DiskBlobWriter extends BlobWriter {
  private static final int BUFFER = 128 << 10;

  private final DiskBlobStore store;
  private final UploadId upload;
  private final Path file;
  private final FileChannel channel;
  private final MessageDigest hash;
  private long position;
  private boolean ended;

  private DiskBlobWriter(
      DiskBlobStore store,
      UploadId upload,
      FileChannel channel,
      MessageDigest hash,
      long position) {
    this.store = store;
    this.upload = upload;
    this.file = store.upload(upload);
    this.channel = channel;
    this.hash = hash;
    this.position = position;
  }

  static DiskBlobWriter create(DiskBlobStore store, UploadId upload) throws IOException {
    FileChannel channel =
        FileChannel.open(
            store.upload(upload), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    return new DiskBlobWriter(store, upload, channel, Digest.newHash(Digest.SHA256), 0);
  }

  static DiskBlobWriter reopen(DiskBlobStore store, UploadId upload) throws IOException {
    Path file = store.upload(upload);
    MessageDigest hash = Digest.newHash(Digest.SHA256);
    long position = hash(file, hash);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    channel.position(position);
    return new DiskBlobWriter(store, upload, channel, hash, position);
  }

  @Override
  public UploadId upload() {
    return upload;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public InputStream written() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    checkOpen();
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      int before = buffer.position();
      channel.write(buffer);
      // Hash what reached the file, so that after a failed write both still say the same.
      hash.update(bytes, before, buffer.position() - before);
      position += buffer.position() - before;
    }
  }

  @Override
  public Digest commit(@Nullable Digest expected) throws IOException {
    checkOpen();
    Digest digest = digest(expected);
    if (expected != null && !expected.equals(digest)) {
      discard();
      throw new Fault.Invalid(
          "the bytes are not those of " + expected + ": their digest is " + digest);
    }
    try {
      channel.force(false);
      Path place = store.file(digest);
      Path folder = store.folder(digest);
      Folders.create(folder);
      Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
      Folders.sync(folder);
    } catch (IOException e) {
      discard();
      throw new IOException("storing blob " + digest + ": " + e.getMessage(), e);
    }
    end();
    return digest;
  }

  @Override
  public void discard() throws IOException {
    end();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    end();
  }

  private Digest digest(@Nullable Digest expected) throws IOException {
    if (expected == null || expected.algorithm().equals(Digest.SHA256)) {
      return Digest.ofHash(Digest.SHA256, hash.digest());
    }
    // Rare enough to read the file again.
    MessageDigest other = Digest.newHash(expected.algorithm());
    hash(file, other);
    return Digest.ofHash(expected.algorithm(), other.digest());
  }

  private void end() throws IOException {
    if (!ended) {
      ended = true;
      store.ended(upload);
      channel.close();
    }
  }

  private void checkOpen() throws IOException {
    if (ended) {
      throw new IOException("the writer of upload " + upload.value() + " has ended");
    }
  }

  private static long hash(Path file, MessageDigest hash) throws IOException {
    long length = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
        length += n;
      }
    }
    return length;
  }
}
