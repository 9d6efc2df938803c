package io.djong.build.context;

import io.djong.content.tar.TarEntry;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A few files that stand in the Dockerfile.
public final class InlineTree implements FileTree {
  private final TreeMap<RawPath, byte[]> files = new TreeMap<>();
  private final int mode;

  public InlineTree(Map<String, String> files, int mode) {
    this.mode = mode;
    files.forEach(
        (name, text) -> this.files.put(RawPath.of(name), text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public @Nullable TarEntry find(RawPath path) {
    if (path.isRoot()) {
      return TarEntry.folder(".", 0755, Instant.EPOCH);
    }
    byte[] content = files.get(path);
    return content == null
        ? null
        : TarEntry.file("x", mode, content.length, Instant.EPOCH).withName(path);
  }

  @Override
  public List<RawPath> list(RawPath folder) {
    return folder.isRoot() ? List.copyOf(files.keySet()) : List.of();
  }

  private byte[] content(RawPath path) {
    byte[] content = files.get(path);
    if (content == null) {
      throw new Fault.NotFound("there is no file " + path + " in the Dockerfile");
    }
    return content;
  }

  @Override
  public InputStream open(RawPath file) {
    return new ByteArrayInputStream(content(file));
  }

  @Override
  public Digest digest(RawPath file) {
    return Digest.of(content(file));
  }

  @Override
  public void close() {}
}
