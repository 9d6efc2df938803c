package io.djong.build.context;

import io.djong.build.context.PackedTree.Content;
import io.djong.build.context.PackedTree.Packed;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarLimits;
import io.djong.content.tar.TarReader;
import io.djong.layers.tar.TreeWriter;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Packs files as they come, hashing each on its way: one file is written, whatever the number of
/// those that come. For one thread.
public final class TreePacker implements AutoCloseable {
  private static final TarLimits LIMITS = new TarLimits(2_000_000, 4096, 1 << 20, 1L << 36);
  private static final int BUFFER = 1 << 20;

  /// What an entry takes of the heap until its build is over, besides its path: measured, with some
  /// to spare.
  private static final int ENTRY_COST = 900;

  private static final int PATH_COST = 3;
  private static final byte[] NO_LINK = {};
  private static final byte[] NOTHING = new byte[1 << 16];

  private final PackedFile file;
  private final FileChannel contents;
  private final TreeMap<RawPath, Packed> entries = new TreeMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] piece = new byte[1 << 16];
  private final long most;
  private long cost;
  private long position;

  /// Whether what was packed last is more than a hole.
  private boolean ended = true;

  private boolean finished;

  /// @param folder where the contents lie meanwhile
  public TreePacker(Path folder) throws IOException {
    this(
        FileChannel.open(
            Files.createTempFile(folder, "context-", ""),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  /// @param contents takes the contents; empty, to be read and written
  TreePacker(FileChannel contents) {
    this(contents, Runtime.getRuntime().maxMemory());
  }

  /// @param heap what there is in bytes, of which a context may take most
  TreePacker(FileChannel contents, long heap) {
    this.most = heap / 4 * 3;
    this.contents = contents;
    this.file = new PackedFile(contents);
  }

  /// Packs a plain archive, read to its end.
  ///
  /// @throws Fault.Invalid if it is damaged, or a name in it leads out of it
  public void addTar(InputStream tar) throws IOException {
    TarReader archive = new TarReader(tar, LIMITS);
    addAll(archive, archive.next());
  }

  /// Packs a plain archive whose first entry, of whatever name, is a [ContextManifest] of files
  /// that are known already.
  ///
  /// @param known where the content of a digest is
  /// @throws Fault.Invalid if it is damaged, or names what is not known
  void addRest(InputStream tar, Function<Digest, @Nullable Content> known) throws IOException {
    TarReader archive = new TarReader(tar, LIMITS);
    TarEntry first = archive.next();
    if (first == null || first.kind() != TarEntry.Kind.FILE) {
      throw new Fault.Invalid("the build context does not begin with its manifest");
    }
    ContextManifest.read(archive.content(), line -> add(line, known.apply(line.digest())));
    addAll(archive, archive.next());
  }

  private void add(ContextManifest.Line line, @Nullable Content content) {
    RawPath path = line.path();
    if (content == null) {
      throw new Fault.Invalid(
          "the build context brings no bytes for \"" + path + "\", nor did an earlier one");
    }
    afford(path);
    TarEntry entry =
        file(
            path,
            line.permissions(),
            line.uid(),
            line.gid(),
            content.size(),
            line.modified(),
            Collections.emptySortedMap());
    entries.put(path, new Packed(entry, content));
  }

  private void addAll(TarReader archive, @Nullable TarEntry first) throws IOException {
    TarEntry entry = first;
    while (entry != null) {
      RawPath path = TreeWriter.inside(entry.name());
      if (!path.isRoot()) {
        add(path, entry, archive.content());
      }
      entry = archive.next();
    }
    archive.drain();
  }

  /// Packs one file, folder or link. A later one of the same path replaces an earlier one.
  ///
  /// @throws Fault.Invalid if there were more already than the heap can hold
  public void add(RawPath path, TarEntry entry, InputStream content) throws IOException {
    afford(path);
    switch (entry.kind()) {
      case FILE -> {
        long start = position;
        Digest digest = copy(content);
        long size = position - start;
        TarEntry sized =
            file(
                path,
                entry.permissions(),
                entry.uid(),
                entry.gid(),
                size,
                entry.modified(),
                entry.xattrs());
        entries.put(path, new Packed(sized, new Content(file, start, size, digest)));
      }
      case HARD_LINK -> {
        Packed other = entries.get(TreeWriter.inside(RawPath.of(entry.linkName())));
        if (other == null || other.content() == null) {
          throw new Fault.Invalid(
              "\"" + path + "\" is a hard link to what is no file of the archive");
        }
        entries.put(path, new Packed(other.entry().withName(path), other.content()));
      }
      case FOLDER, SYMLINK -> entries.put(path, new Packed(entry.withName(path), null));
      // A build reads files; what stands for something else has no content to copy.
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {}
    }
  }

  /// Better one build refused than all containers without a daemon.
  private void afford(RawPath path) {
    cost += ENTRY_COST + (long) PATH_COST * path.length();
    if (cost > most) {
      throw new Fault.Invalid(
          "the build context has more files than the engine's memory can hold ("
              + entries.size()
              + " so far): say in .dockerignore what is not needed");
    }
  }

  private static TarEntry file(
      RawPath path,
      int permissions,
      int uid,
      int gid,
      long size,
      Instant modified,
      SortedMap<String, byte[]> xattrs) {
    return new TarEntry(
        TarEntry.Kind.FILE,
        path,
        permissions,
        uid,
        gid,
        size,
        modified,
        null,
        NO_LINK,
        0,
        0,
        xattrs);
  }

  private Digest copy(InputStream content) throws IOException {
    MessageDigest hash = Digest.newHash(Digest.SHA256);
    for (int got = content.read(piece); got >= 0; got = content.read(piece)) {
      hash.update(piece, 0, got);
      if (got == piece.length && Arrays.equals(piece, NOTHING)) {
        skip(got);
      } else {
        if (buffer.remaining() < got) {
          flush();
        }
        buffer.put(piece, 0, got);
        ended = true;
      }
      position += got;
    }
    return Digest.ofHash(Digest.SHA256, hash.digest());
  }

  /// Leaves a hole for zeros: a few packed bytes may stand for very many.
  private void skip(int length) throws IOException {
    flush();
    contents.position(contents.position() + length);
    ended = false;
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      contents.write(buffer);
    }
    buffer.clear();
  }

  /// The files. Ends the packer.
  public PackedTree finish() throws IOException {
    return finish(() -> {});
  }

  /// @param also is closed with the tree
  PackedTree finish(Closeable also) throws IOException {
    flush();
    if (!ended) {
      // A hole at the end is none until something stands behind it.
      contents.write(ByteBuffer.allocate(1), position);
    }
    finished = true;
    return new PackedTree(
        () -> {
          try (also) {
            file.close();
          }
        },
        entries);
  }

  /// Where the bytes of what came are, without what was known.
  List<Content> packed() {
    return entries.values().stream()
        .map(Packed::content)
        .filter(content -> content != null && content.in() == file)
        .toList();
  }

  /// Drops everything unless it was finished.
  @Override
  public void close() throws IOException {
    if (!finished) {
      contents.close();
    }
  }
}
