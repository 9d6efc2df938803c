package io.djong.content.disk;

import io.djong.content.BlobStore;
import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps blobs as files: `blobs/ALGORITHM/aa/HEX` below its root, unfinished ones as `uploads/ID`.
///
/// A blob's file is written in full, synced and then renamed into its place, and the place is
/// synced, so a file under `blobs` is whole. A file system that lost power without keeping to that
/// order leaves empty files behind: an empty file whose digest is not that of no bytes counts as
/// not there. Whoever knows the size a blob must have compares it with [#size]; a commit always
/// puts its fresh bytes in place of what was there, so writing a damaged blob again mends it.
///
/// Safe for use by several threads of one process; the caller sees to it that no other process uses
/// the root. Folders are for the owner alone (mode 0700).
public final class DiskBlobStore implements BlobStore {
  private static final String OCTETS = "application/octet-stream";
  private static final int UPLOAD_ID_BYTES = 16;
  private static final Duration USE_STEP = Duration.ofMinutes(1);

  private final Path blobs;
  private final Path uploads;
  private final SecureRandom random = new SecureRandom();

  /// Uploads that have a writer now: a second writer on one file would mix their bytes.
  private final Set<UploadId> writing = ConcurrentHashMap.newKeySet();

  private DiskBlobStore(Path root) {
    this.blobs = root.resolve("blobs");
    this.uploads = root.resolve("uploads");
  }

  /// Opens the store below a folder, which is made if it is not there, and removes what a crash
  /// left unfinished.
  ///
  /// @param keepUploads how long an upload that nobody has written to may still be reopened; zero
  ///   removes all
  public static DiskBlobStore open(Path root, Duration keepUploads) throws IOException {
    DiskBlobStore store = new DiskBlobStore(root);
    Folders.create(store.blobs.resolve(Digest.SHA256));
    Folders.create(store.uploads);
    store.removeUploadsOlderThan(keepUploads);
    return store;
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    try {
      Path file = file(digest);
      long size = Files.size(file);
      return isWhole(digest, size) ? OptionalLong.of(size) : OptionalLong.empty();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    if (size(digest).isPresent()) {
      try {
        noteUse(file(digest));
        return Files.newInputStream(file(digest));
      } catch (NoSuchFileException e) {
        // Deleted since: not there, as below.
      }
    }
    throw new Fault.NotFound("blob " + digest + " is not in the store");
  }

  /// Opens a blob's file for reading, for those who pass it to the kernel; null if it is not there.
  public @Nullable FileChannel channel(Digest digest) throws IOException {
    if (size(digest).isEmpty()) {
      return null;
    }
    try {
      noteUse(file(digest));
      return FileChannel.open(file(digest), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /// A file's time of change is free to say this, since a blob never changes; so there are no books
  /// beside the files that could differ from them.
  private static void noteUse(Path file) throws IOException {
    Instant now = Instant.now();
    if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(USE_STEP))) {
      Files.setLastModifiedTime(file, FileTime.from(now));
    }
  }

  @Override
  public Instant lastUsed(Digest digest) throws IOException {
    try {
      return Files.getLastModifiedTime(file(digest)).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.EPOCH;
    }
  }

  @Override
  public BlobWriter newWriter() throws IOException {
    byte[] id = new byte[UPLOAD_ID_BYTES];
    random.nextBytes(id);
    UploadId upload = new UploadId(HexFormat.of().formatHex(id));
    BlobWriter writer = DiskBlobWriter.create(this, upload);
    writing.add(upload);
    return writer;
  }

  @Override
  public BlobWriter reopen(UploadId upload) throws IOException {
    if (!isUploadId(upload) || !Files.isRegularFile(upload(upload))) {
      throw new Fault.NotFound("there is no upload \"" + upload.value() + "\"");
    }
    if (!writing.add(upload)) {
      throw new Fault.Conflict("upload " + upload.value() + " is being written by somebody else");
    }
    try {
      return DiskBlobWriter.reopen(this, upload);
    } catch (IOException e) {
      writing.remove(upload);
      throw e;
    }
  }

  @Override
  public BlobWriter writerOf(Digest digest) throws IOException {
    UploadId upload = new UploadId(digest.hex().substring(0, UPLOAD_ID_BYTES * 2));
    if (!writing.add(upload)) {
      return newWriter();
    }
    boolean kept = false;
    try {
      BlobWriter writer =
          Files.isRegularFile(upload(upload))
              ? DiskBlobWriter.reopen(this, upload)
              : DiskBlobWriter.create(this, upload);
      kept = true;
      return writer;
    } finally {
      if (!kept) {
        writing.remove(upload);
      }
    }
  }

  @Override
  public void delete(Digest digest) throws IOException {
    if (Files.deleteIfExists(file(digest))) {
      Folders.sync(folder(digest));
    }
  }

  @Override
  public Stream<Descriptor> list() throws IOException {
    List<Descriptor> all = new ArrayList<>();
    for (Path algorithm : children(blobs)) {
      for (Path prefix : children(algorithm)) {
        for (Path file : children(prefix)) {
          Digest digest = new Digest(name(algorithm), name(file));
          OptionalLong size = size(digest);
          if (size.isPresent()) {
            all.add(Descriptor.of(OCTETS, digest, size.getAsLong()));
          }
        }
      }
    }
    return all.stream();
  }

  Path folder(Digest digest) {
    return blobs.resolve(digest.algorithm()).resolve(digest.hex().substring(0, 2));
  }

  Path file(Digest digest) {
    return folder(digest).resolve(digest.hex());
  }

  Path upload(UploadId upload) {
    return uploads.resolve(upload.value());
  }

  void ended(UploadId upload) {
    writing.remove(upload);
  }

  private static boolean isWhole(Digest digest, long size) {
    return size > 0
        || digest.equals(
            Digest.ofHash(digest.algorithm(), Digest.newHash(digest.algorithm()).digest()));
  }

  private static boolean isUploadId(UploadId upload) {
    String value = upload.value();
    return value.length() == UPLOAD_ID_BYTES * 2
        && value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private void removeUploadsOlderThan(Duration age) throws IOException {
    Instant oldest = Instant.now().minus(age);
    for (Path upload : children(uploads)) {
      if (age.isZero() || Files.getLastModifiedTime(upload).toInstant().isBefore(oldest)) {
        Files.delete(upload);
      }
    }
  }

  /// Removes uploads that nobody has written to since, and nobody is writing now.
  public void removeUploads(Instant before) throws IOException {
    for (Path upload : children(uploads)) {
      UploadId id = new UploadId(name(upload));
      if (Files.getLastModifiedTime(upload).toInstant().isBefore(before) && writing.add(id)) {
        try {
          Files.deleteIfExists(upload);
        } finally {
          writing.remove(id);
        }
      }
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      List<Path> all = new ArrayList<>();
      stream.forEach(all::add);
      return all;
    }
  }

  private static String name(Path path) {
    return path.getName(path.getNameCount() - 1).toString();
  }
}
