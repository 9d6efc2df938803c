package io.djong.content;

import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// All open leases, and the lock between them and a sweep: keeping takes it together with others, a
/// sweep alone. So there is no moment in which a blob was found in the store, or just committed,
/// and may yet be swept.
final class Leases {
  private final BlobStore blobs;
  private final Set<Held> open = ConcurrentHashMap.newKeySet();
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /// Work that no lease may disturb.
  @FunctionalInterface
  interface Work<T> {
    T run(List<Digest> held) throws IOException;
  }

  Leases(BlobStore blobs) {
    this.blobs = blobs;
  }

  Lease open() {
    Held lease = new Held();
    open.add(lease);
    return lease;
  }

  <T> T alone(Work<T> work) throws IOException {
    lock.writeLock().lock();
    try {
      List<Digest> held = new ArrayList<>();
      for (Held lease : open) {
        held.addAll(lease.kept);
      }
      return work.run(held);
    } finally {
      lock.writeLock().unlock();
    }
  }

  // Compared by identity: each lease is one of its own.
  private final class Held implements Lease {
    private final Set<Digest> kept = ConcurrentHashMap.newKeySet();

    @Override
    public void keep(Digest blob) {
      lock.readLock().lock();
      try {
        kept.add(blob);
      } finally {
        lock.readLock().unlock();
      }
    }

    @Override
    public BlobWriter newWriter() throws IOException {
      return new KeepingWriter(blobs.newWriter());
    }

    @Override
    public BlobWriter writerOf(Digest blob) throws IOException {
      return new KeepingWriter(blobs.writerOf(blob));
    }

    @Override
    public void close() {
      open.remove(this);
    }

    private final class KeepingWriter extends BlobWriter {
      private final BlobWriter writer;

      KeepingWriter(BlobWriter writer) {
        this.writer = writer;
      }

      @Override
      public UploadId upload() {
        return writer.upload();
      }

      @Override
      public long position() {
        return writer.position();
      }

      @Override
      public InputStream written() throws IOException {
        return writer.written();
      }

      @Override
      public void write(int b) throws IOException {
        writer.write(b);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        writer.write(bytes, offset, length);
      }

      @Override
      public Digest commit(@Nullable Digest expected) throws IOException {
        lock.readLock().lock();
        try {
          Digest digest = writer.commit(expected);
          kept.add(digest);
          return digest;
        } finally {
          lock.readLock().unlock();
        }
      }

      @Override
      public void discard() throws IOException {
        writer.discard();
      }

      @Override
      public void close() throws IOException {
        writer.close();
      }
    }
  }
}
