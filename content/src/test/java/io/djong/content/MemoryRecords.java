package io.djong.content;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Records in memory, for tests. Safe for use by several threads.
public final class MemoryRecords implements RecordStore {
  private final Map<String, TreeMap<String, byte[]>> kinds = new LinkedHashMap<>();

  @Override
  public synchronized Map<String, byte[]> all(String kind) {
    Map<String, byte[]> all = new LinkedHashMap<>();
    kinds.getOrDefault(kind, new TreeMap<>()).forEach((key, value) -> all.put(key, value.clone()));
    return all;
  }

  @Override
  public synchronized byte @Nullable [] get(String kind, String key) {
    byte[] value = kinds.getOrDefault(kind, new TreeMap<>()).get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public void writeLater(List<Change> changes) throws IOException {
    write(changes);
  }

  @Override
  public synchronized void write(List<Change> changes) {
    for (Change change : List.copyOf(changes)) {
      TreeMap<String, byte[]> records =
          kinds.computeIfAbsent(change.kind(), kind -> new TreeMap<>());
      byte[] value = change.value();
      if (value == null) {
        records.remove(change.key());
      } else {
        records.put(change.key(), value.clone());
      }
    }
  }

  @Override
  public void close() throws IOException {}
}
