package io.djong.content.record;

import io.djong.content.ImageNames;
import io.djong.content.RecordStore;
import io.djong.model.Descriptor;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps the names of images as records of the kind [#KIND], one a name. Names are looked up in
/// memory; a change is in the record store before it is seen here. One of these at a time owns the
/// kind.
public final class RecordedImageNames implements ImageNames {
  /// The kind of the records; the key is the name's complete text.
  public static final String KIND = "image-name";

  private final RecordStore records;
  private final Json json = Json.lean();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Named> names = new TreeMap<>();

  /// Reads the names that are there.
  public RecordedImageNames(RecordStore records) throws IOException {
    this.records = records;
    for (Map.Entry<String, byte[]> entry : records.all(KIND).entrySet()) {
      Reference name = Reference.parse(entry.getKey());
      names.put(entry.getKey(), new Named(name, json.read(Descriptor.class, entry.getValue())));
    }
  }

  @Override
  public @Nullable Descriptor get(Reference name) {
    lock.lock();
    try {
      Named found = names.get(name.toString());
      return found == null ? null : found.manifest();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable Descriptor put(Reference name, Descriptor manifest) throws IOException {
    lock.lock();
    try {
      records.put(KIND, name.toString(), json.write(manifest));
      Named before = names.put(name.toString(), new Named(name, manifest));
      return before == null ? null : before.manifest();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean delete(Reference name) throws IOException {
    lock.lock();
    try {
      if (!names.containsKey(name.toString())) {
        return false;
      }
      records.delete(KIND, name.toString());
      names.remove(name.toString());
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Named> list() {
    lock.lock();
    try {
      return new ArrayList<>(names.values());
    } finally {
      lock.unlock();
    }
  }
}
