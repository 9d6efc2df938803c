package io.djong.content.archive;

import io.djong.content.Compression;
import io.djong.content.ImageNames;
import io.djong.content.ImageSource;
import io.djong.content.Lease;
import io.djong.content.LocalImages;
import io.djong.content.archive.ImageArchive.ArchivedImage;
import io.djong.content.disk.DiskBlobStore;
import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An archive of images whose files lie in a folder of their own as long as this is open, for those
/// who have no store. As a source it gives the image that was chosen, whatever it is asked for.
public final class UnpackedArchive implements ImageSource, AutoCloseable {
  private final Path scratch;
  private final Lease lease;
  private final ImageArchive archive;
  private final @Nullable String chosen;

  private UnpackedArchive(
      Path scratch, Lease lease, ImageArchive archive, @Nullable String chosen) {
    this.scratch = scratch;
    this.lease = lease;
    this.archive = archive;
    this.chosen = chosen;
  }

  /// Reads an archive to its end.
  ///
  /// @param chosen the name of an image in it; null for the only one
  /// @throws Fault.Invalid as [ImageArchive#read]
  public static UnpackedArchive read(InputStream in, @Nullable String chosen) throws IOException {
    Path scratch = Files.createTempDirectory("djong-archive");
    Lease lease = null;
    boolean kept = false;
    try {
      DiskBlobStore blobs = DiskBlobStore.open(scratch, Duration.ZERO);
      lease = new LocalImages(blobs, new Nameless()).lease();
      ImageArchive archive = ImageArchive.read(in, blobs, lease, Compression.Limits.LAYER);
      UnpackedArchive unpacked = new UnpackedArchive(scratch, lease, archive, chosen);
      kept = true;
      return unpacked;
    } finally {
      if (!kept) {
        if (lease != null) {
          lease.close();
        }
        remove(scratch);
      }
    }
  }

  /// In the order of the archive.
  public List<ArchivedImage> images() {
    return archive.images();
  }

  /// The name of the chosen image, if it has one.
  public @Nullable Reference name() {
    List<Reference> names = image().names();
    if (chosen == null) {
      return names.isEmpty() ? null : names.getFirst();
    }
    return names.stream().filter(this::isChosen).findFirst().orElse(null);
  }

  private boolean isChosen(Reference name) {
    return chosen != null
        && (name.toString().equals(chosen)
            || name.familiar().equals(chosen)
            || (name instanceof Reference.Tag tag && tag.tag().equals(chosen))
            || (chosen.indexOf('/') >= 0 && name.equals(Reference.parse(chosen))));
  }

  private ArchivedImage image() {
    List<ArchivedImage> all = images();
    if (chosen == null) {
      if (all.size() == 1) {
        return all.getFirst();
      }
      throw new Fault.NotFound(
          "the archive has " + all.size() + " images: say which, by its name after a colon");
    }
    for (ArchivedImage each : all) {
      if (each.names().stream().anyMatch(this::isChosen)) {
        return each;
      }
    }
    throw new Fault.NotFound("the archive has no image of the name " + chosen);
  }

  @Override
  public Document<Manifest> resolve(Reference reference) {
    return image().manifest();
  }

  @Override
  public InputStream open(Repository from, Descriptor blob) throws IOException {
    return archive.open(from, blob);
  }

  @Override
  public void close() throws IOException {
    lease.close();
    remove(scratch);
  }

  private static void remove(Path scratch) throws IOException {
    try (var all = Files.walk(scratch)) {
      for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(each);
      }
    }
  }

  /// Nothing has a name here.
  private static final class Nameless implements ImageNames {
    @Override
    public @Nullable Descriptor get(Reference name) {
      return null;
    }

    @Override
    public @Nullable Descriptor put(Reference name, Descriptor manifest) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean delete(Reference name) {
      return false;
    }

    @Override
    public List<Named> list() {
      return List.of();
    }
  }
}
