package io.djong.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.content.Compression;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Archives of images with layers of a few files, as `docker save` of old wrote them.
final class TestArchive {
  private final List<byte[]> layers = new ArrayList<>();
  private boolean packed;

  /// With its layers packed as gzip.
  TestArchive packed() {
    packed = true;
    return this;
  }

  /// The digests of the layers as the archive has them.
  List<Digest> blobs() throws IOException {
    List<Digest> all = new ArrayList<>();
    for (byte[] layer : layers) {
      all.add(Digest.of(stored(layer)));
    }
    return all;
  }

  private byte[] stored(byte[] layer) throws IOException {
    if (!packed) {
      return layer;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = Compression.gzip(bytes)) {
      out.write(layer);
    }
    return bytes.toByteArray();
  }

  /// One more layer: files as `path=content`, folders as `path/`.
  TestArchive layer(String... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      for (String entry : entries) {
        int equals = entry.indexOf('=');
        if (equals < 0) {
          tar.put(TarEntry.folder(entry.substring(0, entry.length() - 1), 0755, Instant.EPOCH));
        } else {
          byte[] content = entry.substring(equals + 1).getBytes(UTF_8);
          tar.put(
              TarEntry.file(entry.substring(0, equals), 0644, content.length, Instant.EPOCH),
              new ByteArrayInputStream(content));
        }
      }
    }
    layers.add(bytes.toByteArray());
    return this;
  }

  List<Digest> diffIds() {
    return layers.stream().map(Digest::of).toList();
  }

  InputStream named(String name) throws IOException {
    List<String> ids = diffIds().stream().map(id -> "\"" + id + "\"").toList();
    List<String> history = new ArrayList<>();
    List<String> files = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      history.add("{\"created_by\":\"STEP " + i + "\"}");
      files.add("\"" + i + "/layer.tar\"");
    }
    String config =
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
            + "\"diff_ids\":["
            + String.join(",", ids)
            + "]},\"history\":["
            + String.join(",", history)
            + "]}";
    String manifest =
        "[{\"Config\":\"config.json\",\"RepoTags\":[\""
            + name
            + "\"],\"Layers\":["
            + String.join(",", files)
            + "]}]";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      for (int i = 0; i < layers.size(); i++) {
        put(tar, i + "/layer.tar", stored(layers.get(i)));
      }
      put(tar, "config.json", config.getBytes(UTF_8));
      put(tar, "manifest.json", manifest.getBytes(UTF_8));
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static void put(TarWriter tar, String name, byte[] content) throws IOException {
    tar.put(
        TarEntry.file(name, 0644, content.length, Instant.EPOCH),
        new ByteArrayInputStream(content));
  }
}
