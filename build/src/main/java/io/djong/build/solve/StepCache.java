package io.djong.build.solve;

import io.djong.build.Builder.CacheEntry;
import io.djong.build.Builder.PruneWish;
import io.djong.build.Builder.Pruned;
import io.djong.content.RecordStore;
import io.djong.content.RecordStore.Change;
import io.djong.model.Digest;
import io.djong.model.json.Json;
import io.djong.model.record.BuildCacheRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Remembers the results of steps, durably, by keys. What a running build has found is not
/// forgotten before it is over. Safe for use by several threads.
public final class StepCache {
  private static final String KIND = "build-cache";

  private final RecordStore records;
  private final InstantSource clock;

  /// Guards all below.
  private final Object lock = new Object();

  private final Map<String, BuildCacheRecord> byId = new HashMap<>();
  private final Map<Digest, String> byKey = new HashMap<>();
  private final Map<String, Integer> held = new HashMap<>();

  public StepCache(RecordStore records, InstantSource clock) throws IOException {
    this.records = records;
    this.clock = clock;
    for (byte[] bytes : records.all(KIND).values()) {
      index(Json.lean().read(BuildCacheRecord.class, bytes));
    }
  }

  private void index(BuildCacheRecord record) {
    byId.put(record.id(), record);
    record.keys().forEach(key -> byKey.put(key, record.id()));
  }

  /// What one build uses, held until it is closed. Safe for use by several threads.
  public final class Use implements AutoCloseable {
    private final Set<String> ids = new LinkedHashSet<>();

    private Use() {}

    @Nullable BuildCacheRecord find(Digest key) {
      synchronized (lock) {
        String id = byKey.get(key);
        BuildCacheRecord found = id == null ? null : byId.get(id);
        if (found != null) {
          hold(found.id());
        }
        return found;
      }
    }

    private void hold(String id) {
      if (ids.add(id)) {
        held.merge(id, 1, Integer::sum);
      }
    }

    /// Remembers a result; what the keys meant before is forgotten as far as they meant it.
    void remember(List<Digest> keys, Solved result, long size, String description, Instant created)
        throws IOException {
      String now = clock.instant().toString();
      BuildCacheRecord record =
          new BuildCacheRecord(
              UUID.randomUUID().toString().replace("-", ""),
              keys,
              result.diffIds(),
              result.trail().stream().map(Solved.Trace::text).toList(),
              created.toString(),
              now,
              1,
              size,
              description,
              "regular");
      records.put(KIND, record.id(), Json.lean().write(record));
      synchronized (lock) {
        index(record);
        hold(record.id());
      }
    }

    /// All that was found or remembered so far, in that order.
    List<BuildCacheRecord> records() {
      synchronized (lock) {
        return ids.stream().flatMap(id -> Stream.ofNullable(byId.get(id))).toList();
      }
    }

    /// Lets go of what was found, and notes that it was used.
    @Override
    public void close() throws IOException {
      String now = clock.instant().toString();
      List<Change> changes = new ArrayList<>();
      synchronized (lock) {
        for (String id : ids) {
          held.merge(id, -1, Integer::sum);
          held.remove(id, 0);
          BuildCacheRecord record = byId.get(id);
          if (record != null) {
            BuildCacheRecord used = record.used(now);
            byId.put(id, used);
            changes.add(new Change(KIND, id, Json.lean().write(used)));
          }
        }
      }
      if (!changes.isEmpty()) {
        // What is lost of it makes a result look older than it is.
        records.writeLater(changes);
      }
    }
  }

  public Use use() {
    return new Use();
  }

  /// The stacks that are remembered.
  public Collection<List<Digest>> stacks() {
    synchronized (lock) {
      return byId.values().stream().map(BuildCacheRecord::diffIds).toList();
    }
  }

  /// The least recently used first.
  public List<CacheEntry> entries() {
    synchronized (lock) {
      return inOrder().stream().map(this::entry).toList();
    }
  }

  private CacheEntry entry(BuildCacheRecord record) {
    return new CacheEntry(
        record.id(),
        record.type(),
        record.description(),
        held.containsKey(record.id()),
        false,
        record.size(),
        Instant.parse(record.created()),
        Instant.parse(record.lastUsed()),
        record.uses());
  }

  private List<BuildCacheRecord> inOrder() {
    return byId.values().stream()
        .sorted(Comparator.comparing((BuildCacheRecord record) -> Instant.parse(record.lastUsed())))
        .toList();
  }

  /// Forgets results that no running build uses.
  public Pruned forget(PruneWish wish) throws IOException {
    List<String> ids = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    long bytes = 0;
    synchronized (lock) {
      long sum = byId.values().stream().mapToLong(BuildCacheRecord::size).sum();
      for (BuildCacheRecord record : inOrder()) {
        if (sum <= wish.keepBytes() && wish.keepBytes() > 0) {
          break;
        }
        CacheEntry entry = entry(record);
        if (entry.inUse() || !wish.covers(entry)) {
          continue;
        }
        ids.add(record.id());
        changes.add(new Change(KIND, record.id(), null));
        sum -= record.size();
        bytes += record.size();
      }
      // Under the lock: nobody finds what is being forgotten.
      if (!changes.isEmpty()) {
        records.write(changes);
      }
      Set<String> gone = new HashSet<>(ids);
      byId.keySet().removeAll(gone);
      byKey.values().removeAll(gone);
    }
    return new Pruned(List.copyOf(ids), bytes);
  }
}
