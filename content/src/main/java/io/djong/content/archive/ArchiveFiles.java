package io.djong.content.archive;

import io.djong.content.BlobWriter;
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
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files of an archive, each stored as a blob under a lease while the archive streams by: a tar
/// cannot be read backwards, and what an entry is for is often said by a later one. Paths are keys
/// here and never become paths of this machine.
final class ArchiveFiles {
  /// Enough for an OCI layout of some thousand images.
  private static final TarLimits LIMITS = new TarLimits(50_000, 1024, 64 << 10, 0);

  private static final int MAX_LINKS = 8;
  private static final String BLOBS = "blobs/";
  private static final Set<String> DOCUMENTS = Set.of("manifest.json", "index.json", "oci-layout");

  /// A file of the archive, and where it is now.
  record Stored(Digest digest, long size) {}

  private final Map<String, Stored> files = new HashMap<>();
  private final Set<Digest> digests = new HashSet<>();
  private final Map<String, String> links = new HashMap<>();
  private final Map<String, byte[]> documents = new HashMap<>();

  private ArchiveFiles() {}

  /// Reads the archive to its end.
  static ArchiveFiles store(InputStream tar, Lease lease) throws IOException {
    ArchiveFiles archive = new ArchiveFiles();
    TarReader reader = new TarReader(tar, LIMITS);
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      archive.add(entry, reader, lease);
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

  private void add(TarEntry entry, TarReader reader, Lease lease) throws IOException {
    String path = key(entry.name());
    switch (entry.kind()) {
      case FOLDER -> {}
      case SYMLINK -> addLink(path, entry);
      case FILE -> addFile(path, entry.size(), reader.content(), lease);
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

  private void addFile(String path, long size, InputStream content, Lease lease)
      throws IOException {
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
    Stored stored = new Stored(store(path, content, lease), size);
    if (again && !stored.equals(files.get(path))) {
      throw new Fault.Invalid(
          "ambiguous archive: \"" + path + "\" is in it twice, with other content");
    }
    files.put(path, stored);
    digests.add(stored.digest());
  }

  private static Digest store(String path, InputStream content, Lease lease) throws IOException {
    Digest expected = path.startsWith(BLOBS) ? blobDigest(path) : null;
    try (BlobWriter writer = lease.newWriter()) {
      try {
        content.transferTo(writer);
        return writer.commit(expected);
      } catch (Fault.Invalid e) {
        writer.discard();
        throw new Fault.Invalid("invalid archive, \"" + path + "\": " + e.getMessage(), e);
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
