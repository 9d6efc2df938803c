package io.djong.content.archive;

import io.djong.content.BlobWriter;
import io.djong.content.Compression;
import io.djong.content.LayerArrival;
import io.djong.content.LayerIntake;
import io.djong.content.Lease;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarLimits;
import io.djong.content.tar.TarReader;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files of an archive, each stored while the archive streams by, layers as an intake keeps
/// them and all else as blobs: a tar cannot be read backwards, and what an entry is for is often
/// said by a later one. Paths are keys here and never become paths of this machine.
final class ArchiveFiles {
  /// Enough for an OCI layout of some thousand images.
  private static final TarLimits LIMITS = new TarLimits(50_000, 1024, 64 << 10, 0);

  private static final int MAX_LINKS = 8;
  private static final String BLOBS = "blobs/";
  private static final Set<String> DOCUMENTS = Set.of("manifest.json", "index.json", "oci-layout");

  /// A file of the archive, as it was taken in; a layer has a diffID if there is an intake.
  record Stored(Digest digest, long size, Compression compression, @Nullable Digest diffId) {}

  private final Map<String, Stored> files = new HashMap<>();
  private final Set<Digest> digests = new HashSet<>();
  private final Map<String, String> links = new HashMap<>();
  private final Map<String, byte[]> documents = new HashMap<>();

  private final Lease lease;
  private final @Nullable LayerIntake intake;

  private ArchiveFiles(Lease lease, @Nullable LayerIntake intake) {
    this.lease = lease;
    this.intake = intake;
  }

  /// Reads the archive to its end.
  ///
  /// @param intake where layers go; without one they become blobs
  static ArchiveFiles store(InputStream tar, Lease lease, @Nullable LayerIntake intake)
      throws IOException {
    ArchiveFiles archive = new ArchiveFiles(lease, intake);
    TarReader reader = new TarReader(tar, LIMITS);
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      archive.add(entry, reader);
    }
    reader.drain();
    return archive;
  }

  /// One of the documents at the top of an archive, or null if it is not there.
  byte @Nullable [] document(String name) {
    return documents.get(name);
  }

  /// The file at a path, through symbolic links inside the archive.
  ///
  /// @throws Fault.Invalid if there is none
  Stored file(String path) {
    String at = key(RawPath.of(path));
    for (int i = 0; i <= MAX_LINKS; i++) {
      Stored found = files.get(at);
      if (found != null) {
        return found;
      }
      String next = links.get(at);
      if (next == null) {
        throw new Fault.Invalid("invalid archive: it names \"" + path + "\" and does not hold it");
      }
      at = next;
    }
    throw new Fault.Invalid("invalid archive: \"" + path + "\" is a link without end");
  }

  /// Whether a file of the archive has this digest.
  boolean holds(Digest digest) {
    return digests.contains(digest);
  }

  private void add(TarEntry entry, TarReader reader) throws IOException {
    String path = key(entry.name());
    switch (entry.kind()) {
      case FOLDER -> {}
      case SYMLINK -> addLink(path, entry);
      case FILE -> addFile(path, entry.size(), reader.content());
      case HARD_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
          throw new Fault.Invalid(
              "invalid archive: \""
                  + path
                  + "\" is neither a file nor a folder; an image archive holds nothing else");
    }
  }

  /// Old archives have a layer that several images share once, and links to it.
  private void addLink(String path, TarEntry entry) {
    String target = text(entry.linkName());
    if (target.startsWith("/")) {
      throw new Fault.Invalid(
          "invalid archive: \"" + path + "\" is a link out of it, to \"" + target + "\"");
    }
    int slash = path.lastIndexOf('/');
    links.put(path, withoutDots(path, path.substring(0, slash + 1) + target));
  }

  private void addFile(String path, long size, InputStream content) throws IOException {
    boolean again = files.containsKey(path);
    if (DOCUMENTS.contains(path)) {
      if (documents.containsKey(path)) {
        throw new Fault.Invalid("ambiguous archive: \"" + path + "\" is in it twice");
      }
      if (size > Manifests.MAX_BYTES) {
        throw new Fault.Invalid("invalid archive: \"" + path + "\" is larger than 4 MiB");
      }
      documents.put(path, content.readAllBytes());
      return;
    }
    Digest named = path.startsWith(BLOBS) ? blobDigest(path) : null;
    Stored stored;
    try {
      Stored known = known(named, size, content);
      stored = known != null ? known : store(named, content);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid("invalid archive, \"" + path + "\": " + e.getMessage(), e);
    }
    if (again && !stored.equals(files.get(path))) {
      throw new Fault.Invalid(
          "ambiguous archive: \"" + path + "\" is in it twice, with other content");
    }
    files.put(path, stored);
    digests.add(stored.digest());
  }

  /// A layer that is here already by its name: it is held, and its bytes are passed over.
  private @Nullable Stored known(@Nullable Digest named, long size, InputStream content)
      throws IOException {
    if (intake == null || named == null) {
      return null;
    }
    Digest unpacked = intake.layerOf(named);
    Digest diffId = unpacked == null ? named : unpacked;
    if (!intake.hold(diffId)) {
      return null;
    }
    Compression compression = Compression.of(content.readNBytes(Compression.MAGIC_BYTES));
    content.transferTo(OutputStream.nullOutputStream());
    return new Stored(named, size, compression, diffId);
  }

  private Stored store(@Nullable Digest named, InputStream content) throws IOException {
    if (intake != null) {
      LayerArrival.Taken taken = new LayerArrival(lease, intake).take(content, named, null);
      return new Stored(taken.digest(), taken.size(), taken.compression(), taken.diffId());
    }
    try (BlobWriter writer = lease.newWriter()) {
      try {
        byte[] head = content.readNBytes(Compression.MAGIC_BYTES);
        writer.write(head);
        content.transferTo(writer);
        long size = writer.position();
        return new Stored(writer.commit(named), size, Compression.of(head), null);
      } catch (IOException | RuntimeException e) {
        writer.discard();
        throw e;
      }
    }
  }

  private static Digest blobDigest(String path) {
    String name = path.substring(BLOBS.length());
    int slash = name.indexOf('/');
    if (slash < 0) {
      throw new Fault.Invalid("invalid archive: \"" + path + "\" is no blob");
    }
    return new Digest(name.substring(0, slash), name.substring(slash + 1));
  }

  private static String key(RawPath path) {
    String text = text(path.bytes());
    if (path.climbs()) {
      throw new Fault.Invalid("invalid archive: \"" + text + "\" leads out of it");
    }
    return text;
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Fault.Invalid("invalid archive: a name in it is not UTF-8", e);
    }
  }

  /// Follows the dots of a link by its text alone; there are no folders that could be links.
  private static String withoutDots(String link, String path) {
    StringBuilder result = new StringBuilder();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (result.isEmpty()) {
          throw new Fault.Invalid("invalid archive: \"" + link + "\" is a link out of it");
        }
        result.setLength(Math.max(0, result.lastIndexOf("/")));
      } else if (!part.isEmpty() && !part.equals(".")) {
        result.append(result.isEmpty() ? "" : "/").append(part);
      }
    }
    return result.toString();
  }
}
