package io.djong.content;

import io.djong.content.tar.TarReader;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps layers in memory, if they are tars.
public final class MemoryIntake implements LayerIntake {
  private final Map<Digest, byte[]> layers = new ConcurrentHashMap<>();
  private final Map<Digest, Digest> byBlob = new HashMap<>();

  public Map<Digest, byte[]> layers() {
    return layers;
  }

  /// Says which layer comes out of a blob.
  public void know(Digest blob, Digest diffId) {
    byBlob.put(blob, diffId);
  }

  @Override
  public boolean hold(Digest diffId) {
    return layers.containsKey(diffId);
  }

  @Override
  public @Nullable Digest layerOf(Digest blob) {
    return byBlob.get(blob);
  }

  @Override
  public Digest take(InputStream layerTar) throws IOException {
    byte[] bytes = layerTar.readAllBytes();
    TarReader reader = new TarReader(new ByteArrayInputStream(bytes));
    while (reader.next() != null) {
      reader.content().readAllBytes();
    }
    layers.put(Digest.of(bytes), bytes);
    return Digest.of(bytes);
  }

  @Override
  public void take(InputStream layerTar, Digest diffId) throws IOException {
    byte[] bytes = layerTar.readAllBytes();
    if (!Digest.of(bytes).equals(diffId)) {
      throw new Fault.Invalid("the bytes are not those of " + diffId);
    }
    layers.put(diffId, bytes);
  }
}
