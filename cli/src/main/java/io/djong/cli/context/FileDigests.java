package io.djong.cli.context;

import io.djong.model.Digest;
import io.djong.model.Fault;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Digests of a folder's files, remembered from one build to the next: only what changed is read. A
/// file is thought to be what it was while its inode, size and times are, unless it was changed
/// just when it was read.
final class FileDigests {
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
    } catch (IOException | Fault e) {
      // Nothing is remembered: all is read.
      remembered.clear();
    }
    return new FileDigests(root, cache, memory, remembered, clock);
  }

  /// The digests of those that can be read, by their paths. Remembers them.
  ///
  /// @param files regular files
  Map<String, Digest> of(List<ContextFile> files) throws IOException, InterruptedException {
    Map<String, Digest> digests = new ConcurrentHashMap<>();
    Map<String, Remembered> fresh = new ConcurrentHashMap<>();
    List<ContextFile> unknown = new ArrayList<>();
    for (ContextFile file : files) {
      Remembered before = remembered.get(file.path());
      if (before != null && before.look().equals(file.look())) {
        digests.put(file.path(), before.digest());
        fresh.put(file.path(), before);
      } else {
        unknown.add(file);
      }
    }
    Instant sure = clock.instant().minus(UNSURE);
    int crews = Runtime.getRuntime().availableProcessors();
    try (ExecutorService crew = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < Math.min(crews, unknown.size()); i++) {
        int first = i;
        all.add(
            crew.submit(
                () -> {
                  byte[] buffer = new byte[BUFFER];
                  for (int at = first; at < unknown.size(); at += crews) {
                    read(unknown.get(at), buffer, sure, digests, fresh);
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
    return digests;
  }

  private void read(
      ContextFile file,
      byte[] buffer,
      Instant sure,
      Map<String, Digest> digests,
      Map<String, Remembered> fresh) {
    try {
      Digest digest = digest(root.resolve(file.path()), buffer);
      digests.put(file.path(), digest);
      if (file.changed().isBefore(sure)) {
        fresh.put(file.path(), new Remembered(file.look(), digest));
      }
    } catch (IOException e) {
      // It is sent like all that is not known, and what is wrong with it is told then.
    }
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
