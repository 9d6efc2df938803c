package io.djong.registry.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The manifests that were asked for last, up to a number of bytes. Safe for use by several
/// threads.
final class ManifestCache {
  private final long limit;
  private final Map<String, StoredManifest> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  ManifestCache(long limit) {
    this.limit = limit;
  }

  synchronized @Nullable StoredManifest get(String key) {
    return kept.get(key);
  }

  synchronized void put(String key, StoredManifest manifest) {
    remove(key);
    if (manifest.bytes().length > limit / 4) {
      return;
    }
    kept.put(key, manifest);
    bytes += manifest.bytes().length;
    var oldest = kept.entrySet().iterator();
    while (bytes > limit && oldest.hasNext()) {
      bytes -= oldest.next().getValue().bytes().length;
      oldest.remove();
    }
  }

  synchronized void remove(String key) {
    StoredManifest old = kept.remove(key);
    if (old != null) {
      bytes -= old.bytes().length;
    }
  }
}
