package io.djong.build.remote;

import io.djong.build.Downloads;
import io.djong.build.Downloads.Download;
import io.djong.build.context.PackedTree;
import io.djong.build.context.TreePacker;
import io.djong.content.Compression;
import io.djong.content.VerifiedInput;
import io.djong.content.tar.TarEntry;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Files and archives behind URLs, as trees. Safe for use by several threads.
public final class WebFiles {
  /// How its only file is called in a tree.
  static final String NAME = "file";

  private static final long MAX_BYTES = 64L << 30;
  private static final int MAX_DOCKERFILE = 8 << 20;
  private static final int HEAD = 512;
  private static final int TAR_MAGIC_AT = 257;
  private static final byte[] TAR_MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);

  private final Downloads downloads;
  private final Path scratch;

  /// @param scratch a folder for what is fetched
  public WebFiles(Downloads downloads, Path scratch) {
    this.downloads = downloads;
    this.scratch = scratch;
  }

  /// One file, readable by its owner alone, as old as the server says.
  ///
  /// @param checksum what it must be; null is whatever it is
  /// @throws Fault.Invalid if it is something else
  PackedTree file(String url, @Nullable String checksum) throws IOException {
    Digest promised = checksum == null ? null : digest(checksum);
    try (Download download = downloads.open(url);
        TreePacker packer = new TreePacker(scratch)) {
      Instant modified = download.modified() == null ? Instant.EPOCH : download.modified();
      InputStream limited = new Limited(download.content(), MAX_BYTES);
      packer.add(RawPath.of(NAME), TarEntry.file("x", 0600, 0, modified), limited);
      PackedTree tree = packer.finish();
      boolean good = false;
      try {
        verify(tree, url, promised);
        good = true;
        return tree;
      } finally {
        if (!good) {
          tree.close();
        }
      }
    }
  }

  private static Digest digest(String checksum) {
    try {
      return Digest.parse(checksum);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid("invalid --checksum " + checksum + ": want ALGORITHM:HEX", e);
    }
  }

  private static void verify(PackedTree tree, String url, @Nullable Digest promised)
      throws IOException {
    RawPath path = RawPath.of(NAME);
    TarEntry entry = tree.find(path);
    if (promised == null || entry == null) {
      return;
    }
    try (VerifiedInput in =
        new VerifiedInput(
            tree.open(path), Descriptor.of("application/octet-stream", promised, entry.size()))) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(
          "digest mismatch: "
              + GitAddress.withoutUser(url)
              + " has the digest "
              + tree.digest(path)
              + ", want "
              + promised,
          e);
    }
  }

  /// A context: an archive with its files, or a Dockerfile alone.
  ///
  /// @param dockerfile what a Dockerfile that comes alone is called
  /// @throws Fault.Invalid if it is neither
  public PackedTree context(String url, String dockerfile) throws IOException {
    try (Download download = downloads.open(url);
        TreePacker packer = new TreePacker(scratch)) {
      PushbackInputStream in =
          new PushbackInputStream(new Limited(download.content(), MAX_BYTES), HEAD);
      byte[] head = in.readNBytes(HEAD);
      in.unread(head);
      if (Compression.of(head) != Compression.NONE || isTar(head)) {
        try (InputStream tar = Compression.inflate(in, Compression.Limits.LAYER)) {
          packer.addTar(tar);
        }
      } else {
        packer.add(
            RawPath.of(dockerfile),
            TarEntry.file("x", 0644, 0, Instant.EPOCH),
            new Limited(in, MAX_DOCKERFILE));
      }
      return packer.finish();
    }
  }

  private static boolean isTar(byte[] head) {
    for (int i = 0; i < TAR_MAGIC.length; i++) {
      if (head.length < HEAD || head[TAR_MAGIC_AT + i] != TAR_MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  /// Refuses to give more than so many bytes.
  private static final class Limited extends java.io.FilterInputStream {
    private final long most;
    private long given;

    Limited(InputStream in, long most) {
      super(in);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int got = super.read(bytes, offset, length);
      given += Math.max(0, got);
      if (given > most) {
        throw new Fault.Invalid("what the URL leads to is larger than " + most + " bytes");
      }
      return got;
    }
  }
}
