package io.djong.content;

import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import org.jspecify.annotations.Nullable;

/// Takes arriving files in, in one pass. A layer is hashed, unpacked, hashed again and handed to
/// the intake while its blob is written; a plain layer is written once, by the intake. What is no
/// layer becomes a blob. What a layer is, its bytes say: a tar, plain or packed.
public final class LayerArrival {
  private static final int HEAD = 512;
  private static final int MAGIC = 257;
  private static final byte[] USTAR = {'u', 's', 't', 'a', 'r'};

  private final Lease lease;
  private final LayerIntake intake;

  /// What came.
  ///
  /// @param digest of the bytes as they came
  /// @param diffId what the intake has it as; null if it is no layer, and only a blob
  public record Taken(Digest digest, long size, Compression compression, @Nullable Digest diffId) {}

  /// @param lease keeps the blobs
  public LayerArrival(Lease lease, LayerIntake intake) {
    this.lease = lease;
    this.intake = intake;
  }

  /// Reads the bytes to their end.
  ///
  /// @param digest what their digest must be; null takes what it is (sha256)
  /// @param diffId what the layer's diffID must be; null if the bytes shall say whether they are
  ///   one
  /// @throws Fault.Invalid if the bytes are not what was promised; nothing is left behind
  public Taken take(InputStream bytes, @Nullable Digest digest, @Nullable Digest diffId)
      throws IOException {
    return take(bytes, digest, diffId, null);
  }

  /// As [#take(InputStream, Digest, Digest)], with a writer that has the first bytes already. What
  /// comes after them is kept there also if the way is cut.
  Taken take(
      InputStream bytes,
      @Nullable Digest digest,
      @Nullable Digest diffId,
      @Nullable BlobWriter begun)
      throws IOException {
    PushbackInputStream in = new PushbackInputStream(bytes, HEAD);
    byte[] head = in.readNBytes(HEAD);
    in.unread(head);
    Compression compression = Compression.of(head);
    return switch (compression) {
      case NONE ->
          diffId != null || isTar(head)
              ? plain(in, digest, diffId, begun)
              : blob(in, digest, compression);
      case GZIP, ZSTD -> packed(in, compression, digest, diffId, begun);
      case BZIP2, XZ -> blob(in, digest, compression);
    };
  }

  private Taken plain(
      InputStream in, @Nullable Digest digest, @Nullable Digest diffId, @Nullable BlobWriter begun)
      throws IOException {
    Digest promised = digest == null ? diffId : digest;
    if (promised != null && !promised.algorithm().equals(Digest.SHA256)) {
      return packed(in, Compression.NONE, digest, diffId, begun);
    }
    if (begun != null) {
      begun.discard(); // What the intake writes is all that is written.
    }
    if (promised != null && diffId != null && !promised.equals(diffId)) {
      throw new Fault.Invalid(
          "layer " + promised + " is not compressed, and the image's config calls it " + diffId);
    }
    Counted counted = new Counted(in);
    Digest found = hand(counted, promised);
    return new Taken(found, counted.count, Compression.NONE, found);
  }

  /// Reading and unpacking have a thread, the intake has another.
  private Taken packed(
      InputStream in,
      Compression compression,
      @Nullable Digest digest,
      @Nullable Digest diffId,
      @Nullable BlobWriter begun)
      throws IOException {
    try (BlobWriter writer = begun == null ? lease.newWriter() : begun) {
      boolean done = false;
      try {
        Digest layer;
        InputStream unpacked =
            Compression.inflate(new Copied(in, writer), Compression.Limits.LAYER);
        try (InputStream ahead = new ReadAhead(unpacked)) {
          PushbackInputStream tar = new PushbackInputStream(ahead, HEAD);
          byte[] head = tar.readNBytes(HEAD);
          tar.unread(head);
          if (diffId != null || isTar(head)) {
            layer = hand(tar, diffId);
          } else {
            layer = null;
            tar.transferTo(OutputStream.nullOutputStream());
          }
        }
        long size = writer.position();
        Taken taken = new Taken(writer.commit(digest), size, compression, layer);
        done = true;
        return taken;
      } catch (IOException | Fault e) {
        // Where the way was cut, what came is not wrong.
        done = begun != null && !(e instanceof Fault.Invalid);
        throw e;
      } finally {
        if (!done) {
          writer.discard();
        }
      }
    }
  }

  private Digest hand(InputStream tar, @Nullable Digest diffId) throws IOException {
    if (diffId == null) {
      return intake.take(tar);
    }
    intake.take(tar, diffId);
    return diffId;
  }

  private Taken blob(InputStream in, @Nullable Digest digest, Compression compression)
      throws IOException {
    try (BlobWriter writer = lease.newWriter()) {
      boolean done = false;
      try {
        in.transferTo(writer);
        long size = writer.position();
        Taken taken = new Taken(writer.commit(digest), size, compression, null);
        done = true;
        return taken;
      } finally {
        if (!done) {
          writer.discard();
        }
      }
    }
  }

  /// Whether a file that begins so is a tar: it has the mark of POSIX or GNU, or is an empty one.
  static boolean isTar(byte[] head) {
    if (head.length < HEAD) {
      return false;
    }
    boolean marked = true;
    for (int i = 0; i < USTAR.length; i++) {
      marked &= head[MAGIC + i] == USTAR[i];
    }
    boolean empty = true;
    for (byte b : head) {
      empty &= b == 0;
    }
    return marked || empty;
  }

  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      count += Math.max(0, n);
      return n;
    }
  }

  /// Writes down what is read. Whoever opened the stream closes it.
  private static final class Copied extends FilterInputStream {
    private final OutputStream copy;

    /// How many bytes still to come are written down already.
    private long known;

    Copied(InputStream in, BlobWriter copy) {
      super(in);
      this.copy = copy;
      this.known = copy.position();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      if (n > 0) {
        int old = (int) Math.min(known, n);
        known -= old;
        copy.write(bytes, offset + old, n - old);
      }
      return n;
    }

    @Override
    public void close() {}
  }
}
