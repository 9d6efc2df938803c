package io.djong.layers;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import io.djong.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Archives for tests, entry by entry.
public final class Tars {
  public static final Instant TIME = Instant.ofEpochSecond(1_700_000_000, 123_456_789);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarWriter writer = new TarWriter(bytes);

  public Tars file(String name, String content) {
    return put(TarEntry.file(name, 0644, content.length(), TIME), content);
  }

  public Tars folder(String name) {
    return put(TarEntry.folder(name, 0755, TIME), "");
  }

  public Tars symlink(String name, String target) {
    return put(TarEntry.symlink(name, target, TIME), "");
  }

  public Tars hardLink(String name, String target) {
    return put(TarEntry.hardLink(name, target, TIME), "");
  }

  public Tars put(TarEntry entry, String content) {
    try {
      writer.put(entry, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new AssertionError("in memory", e);
    }
    return this;
  }

  public byte[] bytes() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new AssertionError("in memory", e);
    }
    return bytes.toByteArray();
  }

  public static Snapshot.Committed add(
      Snapshotter snapshots, @org.jspecify.annotations.Nullable ChainId parent, byte[] tar)
      throws IOException {
    return snapshots.add(parent, new ByteArrayInputStream(tar), Digest.of(tar));
  }

  public static List<TarEntry> entries(byte[] tar) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    List<TarEntry> entries = new ArrayList<>();
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      entries.add(Objects.requireNonNull(entry));
    }
    return entries;
  }

  public static List<String> names(byte[] tar) throws IOException {
    return entries(tar).stream().map(entry -> entry.name().toString()).toList();
  }
}
