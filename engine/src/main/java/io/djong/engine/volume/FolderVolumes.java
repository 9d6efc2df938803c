package io.djong.engine.volume;

import io.djong.content.RecordStore;
import io.djong.engine.Containers.Pruned;
import io.djong.engine.Events;
import io.djong.engine.Events.Event;
import io.djong.engine.Filters;
import io.djong.engine.Volumes;
import io.djong.linux.KernelException;
import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.json.Json;
import io.djong.model.record.VolumeRecord;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Volumes as folders `NAME/_data` below one folder, each with a record. A volume whose record is
/// not there does not exist: its folder is a leftover and is used again.
public final class FolderVolumes implements Volumes {
  private static final String KIND = "volume";

  private final Path folder;
  private final RecordStore records;
  private final Events events;
  private final InstantSource clock;
  private final VolumeUsers users;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, VolumeRecord> volumes = new ConcurrentSkipListMap<>();

  /// The containers that run on volumes with options.
  private final Map<String, Set<String>> using = new HashMap<>();

  private final Mounts mounts = new Mounts();

  public FolderVolumes(
      Path folder, RecordStore records, Events events, InstantSource clock, VolumeUsers users)
      throws IOException {
    this.folder = folder;
    this.records = records;
    this.events = events;
    this.clock = clock;
    this.users = users;
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> entry : records.all(KIND).entrySet()) {
      volumes.put(entry.getKey(), Json.lean().read(VolumeRecord.class, entry.getValue()));
    }
  }

  @Override
  public VolumeDetails create(
      @Nullable String name, Map<String, String> options, Map<String, String> labels)
      throws IOException {
    boolean anonymous = name == null || name.isEmpty();
    String chosen = name == null || name.isEmpty() ? ContainerId.random().hex() : name;
    checkName(chosen);
    LocalOptions.check(chosen, options);
    lock.lock();
    try {
      VolumeRecord there = volumes.get(chosen);
      if (there != null) {
        if (!options.isEmpty() && !options.equals(there.options())) {
          throw new Fault.Conflict(
              "create "
                  + chosen
                  + ": conflict: volume name must be unique: it is there with other options");
        }
        return details(there);
      }
      Path data = folder.resolve(chosen).resolve("_data");
      Files.createDirectories(data);
      VolumeRecord made =
          new VolumeRecord(chosen, labels, clock.instant().toString(), anonymous, options);
      records.put(KIND, chosen, Json.lean().write(made));
      volumes.put(chosen, made);
      publish("create", chosen, Map.of("driver", "local"));
      return details(made);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<VolumeDetails> list(Filters filters) {
    filters.allowOnly(Set.of("dangling", "driver", "label", "name"));
    List<VolumeDetails> all = new ArrayList<>();
    for (VolumeRecord volume : volumes.values()) {
      if (fits(volume, filters)) {
        all.add(details(volume));
      }
    }
    return List.copyOf(all);
  }

  private boolean fits(VolumeRecord volume, Filters filters) {
    if (filters.has("name") && filters.of("name").stream().noneMatch(volume.name()::contains)) {
      return false;
    }
    if (filters.has("driver") && !filters.of("driver").contains("local")) {
      return false;
    }
    if (filters.has("dangling")
        && truth(filters.of("dangling")) != users.of(volume.name()).isEmpty()) {
      return false;
    }
    return filters.fitLabels(volume.labels());
  }

  private static boolean truth(List<String> values) {
    return switch (values.getFirst()) {
      case "1", "true", "True", "TRUE", "t" -> true;
      case "0", "false", "False", "FALSE", "f" -> false;
      default -> throw new Fault.Invalid("invalid filter 'dangling=" + values + "'");
    };
  }

  @Override
  public VolumeDetails inspect(String name) {
    VolumeRecord volume = volumes.get(name);
    if (volume == null) {
      throw new Fault.NotFound("get " + name + ": no such volume");
    }
    return details(volume);
  }

  @Override
  public void remove(String name, boolean force) throws IOException {
    lock.lock();
    try {
      VolumeRecord volume = volumes.get(name);
      if (volume == null) {
        if (force) {
          return;
        }
        throw new Fault.NotFound("get " + name + ": no such volume");
      }
      List<String> using = users.of(name);
      if (!using.isEmpty()) {
        throw new Fault.Conflict(
            "remove " + name + ": volume is in use - [" + String.join(", ", using) + "]");
      }
      delete(name);
    } finally {
      lock.unlock();
    }
  }

  private void delete(String name) throws IOException {
    // What is mounted is somebody else's: it must not be emptied with the folder.
    unmount(name);
    records.delete(KIND, name);
    volumes.remove(name);
    try (Root root = Root.open(folder)) {
      root.removeTree(RawPath.of(name));
    }
    publish("destroy", name, Map.of("driver", "local"));
  }

  @Override
  public Pruned prune(Filters filters) throws IOException {
    filters.allowOnly(Set.of("all", "label", "label!"));
    boolean all = filters.has("all") && truth(filters.of("all"));
    List<String> deleted = new ArrayList<>();
    long reclaimed = 0;
    lock.lock();
    try {
      for (VolumeRecord volume : List.copyOf(volumes.values())) {
        if ((all || volume.anonymous())
            && filters.fitLabels(volume.labels())
            && users.of(volume.name()).isEmpty()) {
          reclaimed += size(folder.resolve(volume.name()));
          delete(volume.name());
          deleted.add(volume.name());
        }
      }
    } finally {
      lock.unlock();
    }
    return new Pruned(List.copyOf(deleted), reclaimed);
  }

  /// Mounts what a volume's options ask for, for a container that begins to use it. Idempotent.
  ///
  /// @throws Fault.Failed in Docker's words if the kernel refuses
  public void use(String name, String container) throws IOException {
    lock.lock();
    try {
      VolumeRecord volume = volumes.get(name);
      if (volume == null) {
        return;
      }
      Mount mount = LocalOptions.mount(volume.options(), data(name));
      if (mount != null) {
        mount(mount);
        using.computeIfAbsent(name, _ -> new HashSet<>()).add(container);
      }
    } finally {
      lock.unlock();
    }
  }

  private void mount(Mount mount) throws IOException {
    if (mounts.isMountPoint(mount.target())) {
      return;
    }
    Files.createDirectories(mount.target());
    try {
      mounts.mount(mount);
    } catch (KernelException e) {
      throw new Fault.Failed(
          "error while mounting volume '"
              + mount.target()
              + "': failed to mount local volume: mount "
              + mount.source()
              + ":"
              + mount.target()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /// Unmounts it if no other container uses it. Idempotent.
  public void release(String name, String container) throws IOException {
    lock.lock();
    try {
      Set<String> users = using.get(name);
      if (users != null && users.remove(container) && users.isEmpty()) {
        using.remove(name);
        unmount(name);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Unmounts what an earlier daemon left mounted and nobody uses. To be called once those who do
  /// have said so.
  public void sweep() throws IOException {
    lock.lock();
    try {
      for (VolumeRecord volume : volumes.values()) {
        if (!volume.options().isEmpty() && !using.containsKey(volume.name())) {
          unmount(volume.name());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void unmount(String name) throws IOException {
    Path data = data(name);
    while (mounts.isMountPoint(data)) {
      mounts.unmount(data, true);
    }
  }

  private Path data(String name) {
    return folder.resolve(name).resolve("_data");
  }

  @Override
  public long size(String name) throws IOException {
    return size(folder.resolve(name));
  }

  /// Tells listeners what a container does with a volume.
  ///
  /// @param action mount or unmount
  public void publish(String action, String name, Map<String, String> attributes) {
    events.publish(new Event("volume", action, name, attributes, clock.instant()));
  }

  private VolumeDetails details(VolumeRecord volume) {
    return new VolumeDetails(
        volume.name(),
        folder.resolve(volume.name()).resolve("_data"),
        volume.options(),
        volume.labels(),
        Instant.parse(volume.created()),
        volume.anonymous());
  }

  /// @throws Fault.Invalid in Docker's words if the name is not one a volume may have
  public static void checkName(String name) {
    boolean good = name.length() > 1 && name.length() < 256;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      good &= letter || (i > 0 && (c == '_' || c == '.' || c == '-'));
    }
    if (name.length() == 1) {
      throw new Fault.Invalid(
          "create "
              + name
              + ": volume name is too short, names should be at least two alphanumeric characters");
    }
    if (!good) {
      throw new Fault.Invalid(
          "create "
              + name
              + ": \""
              + name
              + "\" includes invalid characters for a local volume name, only"
              + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host"
              + " directory, use absolute path");
    }
  }

  private static long size(Path tree) throws IOException {
    long[] sum = new long[1];
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sum[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            // A volume lives while it is counted.
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return sum[0];
  }
}
