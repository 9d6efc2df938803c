package io.djong.content.archive;

import io.djong.content.BlobStore;
import io.djong.content.Compression;
import io.djong.content.ImageSource;
import io.djong.content.LayerIntake;
import io.djong.content.Lease;
import io.djong.content.ReadAhead;
import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The images that were in an archive: Docker's, an OCI image layout, or both in one, plain or
/// compressed. Where an archive is both, the layout says which images there are, and
/// `manifest.json` adds names, and images that the layout lacks.
///
/// Reading stores the archive's files as blobs under the lease, and hands layers to an intake where
/// there is one; to be an image of this machine, each still has to be copied and named. If reading
/// fails, or the lease is closed without that, the next sweep frees what was stored. An archive
/// comes from strangers: its paths are only compared, its sizes are bounded, a blob that is not
/// what its name says is refused.
public final class ImageArchive implements ImageSource {
  private final BlobStore blobs;
  private final ArchiveFiles files;
  private final List<ArchivedImage> images;

  /// An image of the archive; without names, it is known by its digest alone.
  public record ArchivedImage(List<Reference> names, Document<Manifest> manifest) {
    public ArchivedImage {
      names = List.copyOf(names);
    }
  }

  private ImageArchive(BlobStore blobs, ArchiveFiles files, List<ArchivedImage> images) {
    this.blobs = blobs;
    this.files = files;
    this.images = images;
  }

  /// Reads an archive to its end.
  ///
  /// @param blobs the store that the lease is of
  /// @param limits what the archive may cost if it is compressed
  /// @throws Fault.Invalid if it is not an archive of images, or damaged, or contradicts itself
  /// @throws Fault.Unsupported if it is compressed with something djong cannot unpack
  public static ImageArchive read(
      InputStream archive, BlobStore blobs, Lease lease, Compression.Limits limits)
      throws IOException {
    return read(archive, blobs, lease, null, limits);
  }

  /// The same, where layers go to an intake in the pass that reads the archive.
  public static ImageArchive read(
      InputStream archive,
      BlobStore blobs,
      Lease lease,
      @Nullable LayerIntake intake,
      Compression.Limits limits)
      throws IOException {
    // The archive is read and unpacked on one core, and what is in it kept on another.
    try (InputStream tar = new ReadAhead(Compression.inflate(archive, limits))) {
      ArchiveFiles files = ArchiveFiles.store(tar, lease, intake);
      return new ImageArchive(blobs, files, List.copyOf(new ArchiveFinder(blobs, files).images()));
    }
  }

  /// In the order of the archive.
  public List<ArchivedImage> images() {
    return images;
  }

  @Override
  public Document<Manifest> resolve(Reference reference) {
    for (ArchivedImage image : images) {
      if (image.names().contains(reference)) {
        return image.manifest();
      }
    }
    throw new Fault.NotFound("the archive has no image " + reference.familiar());
  }

  @Override
  public InputStream open(Repository from, Descriptor blob) throws IOException {
    // Only what was in the archive: a stranger's manifest must not reach the machine's own blobs.
    if (!files.holds(blob.digest())) {
      throw new Fault.NotFound(
          "invalid archive: it names " + blob.digest() + " and does not hold it");
    }
    return blobs.open(blob.digest());
  }
}
