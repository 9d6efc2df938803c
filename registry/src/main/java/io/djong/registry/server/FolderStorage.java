package io.djong.registry.server;

import io.djong.content.BlobStore;
import io.djong.content.disk.DiskBlobStore;
import io.djong.http.HttpResponse;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps a registry in a folder: blobs as [DiskBlobStore] does, entries as files below `names`. An
/// entry's file is written beside its place, synced and renamed, and the folder is synced.
///
/// The caller sees to it that no other process uses the folder.
public final class FolderStorage implements RegistryStorage {
  private static final Duration TOUCH_STEP = Duration.ofMinutes(1);
  private static final int ATTEMPTS = 100;

  private final Path names;
  private final DiskBlobStore blobs;
  private final AtomicLong temporary = new AtomicLong();

  private FolderStorage(Path names, DiskBlobStore blobs) {
    this.names = names;
    this.blobs = blobs;
  }

  /// Opens the folder, which is made if it is not there.
  ///
  /// @param keepUploads how long an upload that nobody has written to may still be gone on with
  public static FolderStorage open(Path root, Duration keepUploads) throws IOException {
    Path names = root.resolve("names");
    Files.createDirectories(names);
    return new FolderStorage(names, DiskBlobStore.open(root.resolve("content"), keepUploads));
  }

  @Override
  public byte @Nullable [] read(String key) throws IOException {
    try {
      return Files.readAllBytes(place(key));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void write(String key, byte[] bytes) throws IOException {
    Path place = place(key);
    withFolder(
        place,
        folder -> {
          Path draft = draft(folder, bytes);
          Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
          return true;
        });
  }

  @Override
  public boolean create(String key, byte[] bytes) throws IOException {
    Path place = place(key);
    if (Files.exists(place)) {
      return false;
    }
    return withFolder(
        place,
        folder -> {
          Path draft = draft(folder, bytes);
          try {
            // A hard link, unlike a rename, does not replace what is there.
            Files.createLink(place, draft);
            return true;
          } catch (FileAlreadyExistsException e) {
            return false;
          } finally {
            Files.deleteIfExists(draft);
          }
        });
  }

  @Override
  public boolean delete(String key) throws IOException {
    Path place = place(key);
    if (!Files.deleteIfExists(place)) {
      return false;
    }
    Path folder = folder(place);
    sync(folder);
    try {
      for (Path each = folder; !each.equals(names); each = folder(each)) {
        Files.delete(each);
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // Others are in it, or took it away.
    }
    return true;
  }

  @Override
  public Instant written(String key) throws IOException {
    try {
      return Files.getLastModifiedTime(place(key)).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.EPOCH;
    }
  }

  @Override
  public boolean touch(String key) throws IOException {
    Instant now = Instant.now();
    if (written(key).isAfter(now.minus(TOUCH_STEP))) {
      return true;
    }
    try {
      Files.setLastModifiedTime(place(key), FileTime.from(now));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// Who touches it at the same time is kept off by [Liveness]: no other process uses the folder.
  @Override
  public boolean deleteUnused(String key, Instant before) throws IOException {
    return written(key).isBefore(before) && delete(key);
  }

  /// Holds `limit` names at a time, however many there are.
  @Override
  public List<String> names(String folder, String after, int limit) throws IOException {
    PriorityQueue<String> smallest = new PriorityQueue<>(Collections.reverseOrder());
    try (DirectoryStream<Path> all = Files.newDirectoryStream(place(folder))) {
      for (Path each : all) {
        String name = each.getName(each.getNameCount() - 1).toString();
        if (name.startsWith(".") || name.compareTo(after) <= 0) {
          continue;
        }
        smallest.add(name);
        if (smallest.size() > limit) {
          smallest.poll();
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    List<String> sorted = new ArrayList<>(smallest);
    Collections.sort(sorted);
    return sorted;
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public OptionalLong use(Digest blob) throws IOException {
    return blobs.size(blob);
  }

  @Override
  public OptionalLong deleteUnused(Digest blob, Instant before) throws IOException {
    OptionalLong size = blobs.size(blob);
    if (size.isEmpty() || blobs.lastUsed(blob).isAfter(before)) {
      return OptionalLong.empty();
    }
    blobs.delete(blob);
    return size;
  }

  @Override
  public Stream<Digest> digests() throws IOException {
    return blobs.list().map(Descriptor::digest);
  }

  @Override
  public void clear(Instant before) throws IOException {
    blobs.removeUploads(before);
  }

  @Override
  public @Nullable StoredBlob open(Digest digest) throws IOException {
    OptionalLong size = blobs.size(digest);
    if (size.isEmpty()) {
      return null;
    }
    FileChannel channel = blobs.channel(digest);
    return channel == null ? null : new FileBlob(channel, size.getAsLong());
  }

  @Override
  public void close() {}

  private Path place(String key) {
    return names.resolve(key);
  }

  private static Path folder(Path place) {
    Path folder = place.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("no key: " + place);
    }
    return folder;
  }

  private interface Step {
    boolean run(Path folder) throws IOException;
  }

  /// Makes the folder and runs the step in it, again if an emptied folder was removed between.
  private boolean withFolder(Path place, Step step) throws IOException {
    Path folder = folder(place);
    for (int i = 0; ; i++) {
      try {
        make(folder);
        boolean done = step.run(folder);
        sync(folder);
        return done;
      } catch (NoSuchFileException e) {
        if (i == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Path draft(Path folder, byte[] bytes) throws IOException {
    // Below the root of all keys, whose files are never mistaken for entries: see names().
    Path draft = names.resolve(".draft" + temporary.incrementAndGet());
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(false);
    }
    if (!Files.isDirectory(folder)) {
      Files.delete(draft);
      throw new NoSuchFileException(folder.toString());
    }
    return draft;
  }

  private void make(Path folder) throws IOException {
    if (folder.equals(names) || Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder(folder);
    make(parent);
    try {
      Files.createDirectory(folder);
      sync(parent);
    } catch (FileAlreadyExistsException e) {
      // Another thread made it.
    }
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException e) {
      // Emptied and removed by another thread, whose own sync covers it.
    }
  }

  private record FileBlob(FileChannel channel, long size) implements StoredBlob {
    @Override
    public void send(HttpResponse response, long position, long count) throws IOException {
      response.sendFile(channel, position, count);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
