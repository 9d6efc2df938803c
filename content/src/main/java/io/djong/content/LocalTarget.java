package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The local store as the end of a copy: documents become blobs, layers go to the intake, if there
/// is one, and become blobs too.
final class LocalTarget implements ImageTarget {
  /// What is smaller is as soon brought again.
  private static final long RESUMED_FROM = 1 << 20;

  private final BlobStore blobs;
  private final ImageNames names;
  private final Lease lease;
  private final @Nullable LayerIntake intake;

  /// By the digest of the blob: the layer that must come out of it.
  private final Map<Digest, Digest> layers = new ConcurrentHashMap<>();

  /// Writers of blobs that are about to come.
  private final Map<Digest, BlobWriter> begun = new ConcurrentHashMap<>();

  LocalTarget(BlobStore blobs, ImageNames names, Lease lease, @Nullable LayerIntake intake) {
    this.blobs = blobs;
    this.names = names;
    this.lease = lease;
    this.intake = intake;
  }

  @Override
  public void expect(Manifest.Image image, List<Digest> diffIds) {
    for (int i = 0; i < diffIds.size(); i++) {
      Descriptor layer = image.layers().get(i);
      // The statements about an image are layers of something that looks like one.
      if (intake != null && layer.mediaType().contains(".tar")) {
        Digest other = layers.put(layer.digest(), diffIds.get(i));
        if (other != null && !other.equals(diffIds.get(i))) {
          throw new Fault.Invalid(
              "layer " + layer.digest() + " cannot be both " + other + " and " + diffIds.get(i));
        }
      }
    }
  }

  @Override
  public boolean contains(Repository in, Descriptor blob) throws IOException {
    lease.keep(blob.digest());
    Digest layer = layers.get(blob.digest());
    if (intake != null && layer != null && intake.hold(layer)) {
      return true;
    }
    OptionalLong size = blobs.size(blob.digest());
    // A file of another size is damaged, and is written again.
    return size.isPresent() && size.getAsLong() == blob.size();
  }

  @Override
  public long resume(Repository in, Descriptor blob) throws IOException {
    if (blob.size() < RESUMED_FROM) {
      return 0;
    }
    BlobWriter writer = lease.writerOf(blob.digest());
    if (writer.position() > blob.size()) {
      writer.discard();
      return 0;
    }
    BlobWriter other = begun.put(blob.digest(), writer);
    if (other != null) {
      other.discard();
    }
    return writer.position();
  }

  @Override
  public void put(Repository in, Descriptor blob, InputStream bytes) throws IOException {
    BlobWriter writer = begun.remove(blob.digest());
    try (BlobWriter kept = writer == null ? lease.newWriter() : writer) {
      put(blob, bytes, kept, writer != null);
    }
  }

  /// @param known whether the writer is that of this blob alone, and can go on another time
  private void put(Descriptor blob, InputStream bytes, BlobWriter writer, boolean known)
      throws IOException {
    long position = writer.position();
    Promised promised = new Promised(bytes, blob, position);
    Digest layer = layers.get(blob.digest());
    if (intake != null && layer != null) {
      LayerArrival arrival = new LayerArrival(lease, intake);
      if (!known) {
        writer.discard();
      }
      // Whoever takes it in hashes it, so only the number of bytes is left to check here.
      try (InputStream all =
          position == 0 ? promised : new SequenceInputStream(writer.written(), promised)) {
        arrival.take(all, blob.digest(), layer, known ? writer : null);
      }
      return;
    }
    boolean kept = false;
    try {
      promised.transferTo(writer);
      writer.commit(blob.digest());
      kept = true;
    } catch (IOException | Fault e) {
      kept =
          known && !(e instanceof Fault.Invalid); // Where the way was cut, what came is not wrong.
      throw e;
    } finally {
      if (!kept) {
        writer.discard();
      }
    }
  }

  @Override
  public void publish(Reference name, Document<Manifest> manifest) throws IOException {
    names.put(name, manifest.descriptor());
  }

  /// Gives as many bytes as were promised, no more and no fewer.
  private static final class Promised extends FilterInputStream {
    private final Descriptor blob;
    private long count;

    Promised(InputStream in, Descriptor blob, long position) {
      super(in);
      this.blob = blob;
      this.count = position;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      count += Math.max(0, n);
      if (count > blob.size()) {
        throw wrong("it goes on after the promised " + blob.size() + " bytes");
      }
      if (n < 0 && count < blob.size()) {
        throw wrong("it ended after " + count + " of " + blob.size() + " bytes");
      }
      return n;
    }

    private Fault.Invalid wrong(String why) {
      return new Fault.Invalid("content " + blob.digest() + " is not what was promised: " + why);
    }
  }
}
