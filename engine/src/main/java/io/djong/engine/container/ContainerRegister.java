package io.djong.engine.container;

import io.djong.content.RecordStore;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.model.record.ContainerRecord;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// All containers, by id and by name, and their durable records. A name belongs to one container at
/// a time.
final class ContainerRegister {
  private static final String KIND = "container";

  private final RecordStore records;
  private final ConcurrentMap<String, Container> containers = new ConcurrentHashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final AtomicLong version = new AtomicLong();
  private long lastNumber;

  ContainerRegister(RecordStore records) throws IOException {
    this.records = records;
    for (byte[] kept : records.all(KIND).values()) {
      ContainerRecord record = Json.lean().read(ContainerRecord.class, kept);
      containers.put(record.id(), new Container(record));
      names.put(record.name(), record.id());
      lastNumber = Math.max(lastNumber, record.number());
    }
  }

  /// Another number after every change.
  long version() {
    return version.get();
  }

  Collection<Container> all() {
    return containers.values();
  }

  @Nullable Container byId(String id) {
    return containers.get(id);
  }

  /// @throws Fault.NotFound if there is none
  /// @throws Fault.Invalid if a prefix fits several
  Container find(String ref) {
    Container byId = containers.get(ref);
    if (byId != null) {
      return byId;
    }
    Container byName = byName(ref.startsWith("/") ? ref.substring(1) : ref);
    if (byName != null) {
      return byName;
    }
    Container found = null;
    for (Container container : containers.values()) {
      if (!ref.isEmpty() && container.id().hex().startsWith(ref)) {
        if (found != null) {
          throw new Fault.Invalid("multiple IDs found with provided prefix: " + ref);
        }
        found = container;
      }
    }
    if (found == null) {
      throw new Fault.NotFound("No such container: " + ref);
    }
    return found;
  }

  private synchronized @Nullable Container byName(String name) {
    String id = names.get(name);
    return id == null ? null : containers.get(id);
  }

  synchronized boolean isFree(String name) {
    return !names.containsKey(name);
  }

  synchronized long nextNumber() {
    return ++lastNumber;
  }

  /// Takes a name for a container, so that nobody else can.
  ///
  /// @throws Fault.Conflict in Docker's words if it is taken
  void reserve(String name, String id) {
    reserve(name, id, "");
  }

  /// @param problem what the refusal begins with
  synchronized void reserve(String name, String id, String problem) {
    String owner = names.putIfAbsent(name, id);
    if (owner != null) {
      throw new Fault.Conflict(
          problem
              + "Conflict. The container name \"/"
              + name
              + "\" is already in use by container \""
              + owner
              + "\". You have to remove (or rename) that container to be able to reuse that name.");
    }
  }

  synchronized void release(String name, String id) {
    names.remove(name, id);
  }

  /// Makes a container known, durably. Its name is reserved before.
  void add(Container container) throws IOException {
    put(container.record());
    containers.put(container.id().hex(), container);
    version.incrementAndGet();
  }

  /// Changes a container's record, durably. Under the container's lock.
  void update(Container container, ContainerRecord newRecord) throws IOException {
    put(newRecord);
    container.become(newRecord);
    version.incrementAndGet();
  }

  /// Forgets a container, durably.
  void remove(Container container) throws IOException {
    erase(container);
    drop(container);
  }

  /// Removes a container's record, durably. It is known until [#drop], or may be written again.
  void erase(Container container) throws IOException {
    records.write(List.of(new RecordStore.Change(KIND, container.id().hex(), null)));
  }

  /// Makes a container unknown whose record was erased.
  void drop(Container container) {
    containers.remove(container.id().hex());
    version.incrementAndGet();
    release(container.name(), container.id().hex());
  }

  private void put(ContainerRecord record) throws IOException {
    records.put(KIND, record.id(), Json.lean().write(record));
  }
}
