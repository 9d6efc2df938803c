package io.djong.build.context;

import io.djong.build.context.PackedTree.Content;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is where in a pack: a file beside it, with a line `DIGEST OFFSET SIZE` for each. A pack
/// without one was not finished. Its time is when the pack was last used.
final class KeptIndex {
  static final String PACK = ".pack";
  private static final String INDEX = ".index";
  private static final String UNFINISHED = ".new";

  private KeptIndex() {}

  private static Path of(Path pack) {
    return pack.resolveSibling(id(pack) + INDEX);
  }

  static String id(Path pack) {
    String name = String.valueOf(pack.getFileName());
    return name.substring(0, name.length() - PACK.length());
  }

  /// The packs in a folder that were finished; all else is removed.
  static List<Path> packs(Path folder) throws IOException {
    Set<Path> all;
    try (Stream<Path> entries = Files.list(folder)) {
      all = entries.collect(Collectors.toSet());
    }
    List<Path> packs =
        all.stream()
            .filter(path -> path.toString().endsWith(PACK) && all.contains(of(path)))
            .toList();
    all.removeAll(packs);
    packs.forEach(pack -> all.remove(of(pack)));
    for (Path left : all) {
      Files.delete(left);
    }
    return packs;
  }

  static void write(Path pack, List<Content> contents) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Content content : contents) {
      lines.append(content.digest()).append(' ').append(content.offset());
      lines.append(' ').append(content.size()).append('\n');
    }
    Path unfinished = pack.resolveSibling(id(pack) + UNFINISHED);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.US_ASCII.encode(lines.toString());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
    // Not in the folder for good: without it the pack is as if it had not come.
    Files.move(unfinished, of(pack), StandardCopyOption.ATOMIC_MOVE);
  }

  /// What is in a pack as far as that is known: nothing if the index is damaged. Where the bytes
  /// are is not believed yet, but for being inside the pack.
  static List<Content> read(KeptPack pack) throws IOException {
    List<Content> contents = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(of(pack.path()), StandardCharsets.ISO_8859_1)) {
        String[] words = line.split(" ", -1);
        Content content =
            new Content(
                pack, Long.parseLong(words[1]), Long.parseLong(words[2]), Digest.parse(words[0]));
        if (content.offset() < 0
            || content.size() < 0
            || content.size() > pack.size() - content.offset()) {
          return List.of();
        }
        contents.add(content);
      }
    } catch (IndexOutOfBoundsException | NumberFormatException | Fault e) {
      return List.of();
    }
    return contents;
  }

  static Instant lastUsed(Path pack) throws IOException {
    return Files.getLastModifiedTime(of(pack)).toInstant();
  }

  /// Notes when it was last used, if it can be noted.
  static void touch(Path pack, Instant now) {
    try {
      Files.setLastModifiedTime(of(pack), FileTime.from(now));
    } catch (IOException e) {
      // It has none yet, or will be thought older than it is.
    }
  }

  /// Removes a pack: nobody finds it from the moment its index is gone.
  static void delete(Path pack) throws IOException {
    Files.deleteIfExists(of(pack));
    Files.deleteIfExists(pack);
  }
}
