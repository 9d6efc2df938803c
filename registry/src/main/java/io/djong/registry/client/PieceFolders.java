package io.djong.registry.client;

import io.djong.model.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where parts of blobs wait for those before them: a folder a blob, in it a file a part that is
/// called by its first byte. They outlive this process, so that what came need not come again, and
/// nothing is believed of them: whoever reads a blob verifies it whole. For the owner alone (mode
/// 0700). Safe for use by several threads of one process.
final class PieceFolders {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path root;
  private final Set<Digest> used = ConcurrentHashMap.newKeySet();

  private PieceFolders(Path root) {
    this.root = root;
  }

  /// Opens the folder, which is made if it is not there.
  ///
  /// @param keep how long parts that nobody has asked for stay
  static PieceFolders open(Path root, Duration keep) throws IOException {
    make(root);
    Instant oldest = Instant.now().minus(keep);
    for (Path each : children(root)) {
      if (Files.getLastModifiedTime(each).toInstant().isBefore(oldest)) {
        remove(each);
      }
    }
    return new PieceFolders(root);
  }

  /// The folder of a blob; null if somebody reads that blob now.
  @Nullable Folder of(Digest blob) {
    return used.add(blob) ? new Folder(blob) : null;
  }

  /// The parts of one blob. The folder itself is there once there is something in it.
  final class Folder implements AutoCloseable {
    private final Digest blob;
    private final Path folder;

    private Folder(Digest blob) {
      this.blob = blob;
      this.folder = root.resolve(blob.algorithm() + "-" + blob.hex());
    }

    /// What is left of an earlier time and touches the rest of the blob: from the first byte of
    /// each to behind the last that is there. The others are removed.
    ///
    /// @param from where the rest begins; nothing is left at the very beginning: who begins anew
    ///   may do so because the bytes were wrong
    Map<Long, Long> left(long from) throws IOException {
      Map<Long, Long> left = new HashMap<>();
      if (!Files.isDirectory(folder)) {
        return left;
      }
      if (from == 0) {
        clear();
        return left;
      }
      for (Path file : children(folder)) {
        long first = first(file);
        long end = first + Files.size(file);
        if (first < 0 || end <= from) {
          Files.delete(file);
        } else {
          left.put(first, end);
        }
      }
      return left;
    }

    Path file(long first) throws IOException {
      make(folder);
      return folder.resolve(Long.toString(first));
    }

    void clear() throws IOException {
      if (Files.isDirectory(folder)) {
        remove(folder);
      }
    }

    /// Lets others have it; what is there stays.
    @Override
    public void close() {
      used.remove(blob);
    }
  }

  private static long first(Path file) {
    String name = name(file);
    return name.length() <= 18 && name.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Long.parseLong(name)
        : -1;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static void make(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      try {
        Files.createDirectory(folder, OWNER);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder)) {
          throw e;
        }
      }
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(all::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return all;
  }

  private static void remove(Path folder) throws IOException {
    for (Path file : children(folder)) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }
}
