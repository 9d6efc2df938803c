package io.djong.cli.context;

import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Digests of a folder's files, remembered from one build to the next: only what changed is read. A
/// file is thought to be what it was while its inode, size and times are, unless it was changed
/// just when it was read.
final class FileDigests {
  private static final String ATTRIBUTES = "unix:mode,uid,gid,ino,dev,size,lastModifiedTime,ctime";

  /// The times of files are coarser than the clock.
  private static final Duration UNSURE = Duration.ofSeconds(1);

  private static final Duration FORGOTTEN = Duration.ofDays(60);
  private static final int BUFFER = 1 << 18;

  private final Path root;
  private final Path cache;
  private final Path memory;
  private final Map<String, Remembered> remembered;
  private final InstantSource clock;

  /// @param look what the file looked like
  private record Remembered(String look, Digest digest) {}

  /// A file as it is sent, but for its bytes.
  record Known(Digest digest, int permissions, int uid, int gid, Instant modified) {}

  private FileDigests(
      Path root, Path cache, Path memory, Map<String, Remembered> remembered, InstantSource clock) {
    this.cache = cache;
    this.clock = clock;
    this.root = root;
    this.memory = memory;
    this.remembered = remembered;
  }

  /// @param cache the folder for what may be forgotten; need not be there
  static FileDigests of(Path root, Path cache, InstantSource clock) {
    String name = Digest.of(root.toString().getBytes(StandardCharsets.UTF_8)).hex();
    Path memory = cache.resolve(name);
    Map<String, Remembered> remembered = new ConcurrentHashMap<>();
    try {
      for (String line : Files.readString(memory, StandardCharsets.UTF_8).split("\0", -1)) {
        String[] words = line.split(" ", 3);
        if (words.length == 3) {
          remembered.put(words[2], new Remembered(words[0], Digest.parse(words[1])));
        }
      }
    } catch (IOException | io.djong.model.Fault e) {
      // Nothing is remembered: all is read.
      remembered.clear();
    }
    return new FileDigests(root, cache, memory, remembered, clock);
  }

  /// The digests of those that can be read, by their paths. Remembers them.
  Map<String, Known> of(List<ContextFolder.Entry> files) throws IOException, InterruptedException {
    Map<String, Known> known = new ConcurrentHashMap<>();
    Map<String, Remembered> fresh = new ConcurrentHashMap<>();
    Instant sure = clock.instant().minus(UNSURE);
    int crews = Runtime.getRuntime().availableProcessors();
    try (ExecutorService crew = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < crews; i++) {
        int first = i;
        all.add(
            crew.submit(
                () -> {
                  byte[] buffer = new byte[BUFFER];
                  for (int at = first; at < files.size(); at += crews) {
                    look(files.get(at), buffer, sure, known, fresh);
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("reading the build context", e.getCause());
    }
    if (!fresh.equals(remembered)) {
      remember(fresh);
    }
    return known;
  }

  private void look(
      ContextFolder.Entry entry,
      byte[] buffer,
      Instant sure,
      Map<String, Known> known,
      Map<String, Remembered> fresh) {
    Path file = root.resolve(entry.path());
    try {
      Map<String, Object> is = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      Instant modified = FileTime.class.cast(of(is, "lastModifiedTime")).toInstant();
      Instant changed = FileTime.class.cast(of(is, "ctime")).toInstant();
      String look =
          is.get("dev")
              + ":"
              + is.get("ino")
              + ":"
              + is.get("size")
              + ":"
              + modified
              + ":"
              + changed;
      Remembered before = remembered.get(entry.path());
      Digest digest =
          before != null && before.look().equals(look) ? before.digest() : digest(file, buffer);
      if (changed.isBefore(sure)) {
        fresh.put(entry.path(), new Remembered(look, digest));
      }
      known.put(
          entry.path(),
          new Known(
              digest,
              (int) of(is, "mode") & 07777,
              (int) of(is, "uid"),
              (int) of(is, "gid"),
              modified));
    } catch (IOException e) {
      // It is sent like all that is not known, and what is wrong with it is told then.
    }
  }

  private static Object of(Map<String, Object> attributes, String name) {
    return Objects.requireNonNull(attributes.get(name), name);
  }

  private static Digest digest(Path file, byte[] buffer) throws IOException {
    MessageDigest hash = Digest.newHash(Digest.SHA256);
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        hash.update(buffer, 0, got);
      }
    }
    return Digest.ofHash(Digest.SHA256, hash.digest());
  }

  private void remember(Map<String, Remembered> fresh) {
    StringBuilder text = new StringBuilder();
    fresh.forEach(
        (path, known) ->
            text.append(known.look())
                .append(' ')
                .append(known.digest())
                .append(' ')
                .append(path)
                .append('\0'));
    try {
      Files.createDirectories(cache);
      Path unfinished = Files.createTempFile(cache, "new-", "");
      Files.writeString(unfinished, text);
      Files.move(unfinished, memory, StandardCopyOption.ATOMIC_MOVE);
      forget();
    } catch (IOException e) {
      // The next build reads all once more.
    }
  }

  /// Folders that nobody builds any more.
  private void forget() throws IOException {
    FileTime oldest = FileTime.from(clock.instant().minus(FORGOTTEN));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(cache)) {
      for (Path each : all) {
        if (Files.getLastModifiedTime(each).compareTo(oldest) < 0) {
          Files.deleteIfExists(each);
        }
      }
    }
  }
}
