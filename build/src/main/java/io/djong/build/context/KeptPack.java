package io.djong.build.context;

import io.djong.content.VerifiedInput;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/// Contents that one build brought and later ones use. They were on a disk meanwhile, so each is
/// proven as it is read.
final class KeptPack implements Contents {
  private final Path path;
  private final long size;
  private final PackedFile file;
  private final Instant created;
  private volatile boolean damaged;

  /// Guarded by the lock of [KeptFiles], like all below.
  private int holders;

  private Instant lastUsed;
  private int uses;

  private KeptPack(Path path, FileChannel channel, Instant lastUsed) throws IOException {
    this.path = path;
    this.size = channel.size();
    this.file = new PackedFile(channel);
    this.created = lastUsed;
    this.lastUsed = lastUsed;
  }

  /// @param lastUsed when it was used
  static KeptPack open(Path path, Instant lastUsed) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    boolean done = false;
    try {
      KeptPack pack = new KeptPack(path, channel, lastUsed);
      done = true;
      return pack;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  Path path() {
    return path;
  }

  /// In bytes.
  long size() {
    return size;
  }

  /// Whether something in it was not what it should be.
  boolean isDamaged() {
    return damaged;
  }

  boolean isHeld() {
    return holders > 0;
  }

  void hold(Instant now) {
    holders++;
    uses++;
    lastUsed = now;
  }

  void release() {
    holders--;
  }

  /// When it came, as far as that is known.
  Instant created() {
    return created;
  }

  Instant lastUsed() {
    return lastUsed;
  }

  int uses() {
    return uses;
  }

  /// @throws IOException if the bytes cannot be had on the disk
  void sync() throws IOException {
    file.channel().force(false);
  }

  @Override
  public InputStream open(long offset, long length, Digest digest) throws IOException {
    return new Proven(
        new VerifiedInput(
            file.open(offset, length, digest),
            Descriptor.of("application/octet-stream", digest, length)),
        length);
  }

  void close() throws IOException {
    file.close();
  }

  /// Gives its last byte only if all were right: who knows the size does not ask for the end.
  private final class Proven extends FilterInputStream {
    private long left;

    Proven(VerifiedInput in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        int got = super.read(into, offset, length);
        left -= Math.max(0, got);
        if (left == 0 && super.read() >= 0) {
          throw new IllegalStateException("more than was promised");
        }
        return got;
      } catch (Fault.Invalid e) {
        damaged = true;
        throw new Fault.Failed(
            "what an earlier build brought of the context is damaged on this disk; it is not used"
                + " again: build once more",
            e);
      }
    }
  }
}
