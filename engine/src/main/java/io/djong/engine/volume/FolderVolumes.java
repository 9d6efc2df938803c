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

  /// How folders begin that are to become volumes: no volume's name does.
  private static final String HALF_MADE = ".new-";

  private final Path folder;
  private final RecordStore records;
  private final Events events;
  private final InstantSource clock;
  private final VolumeUsers users;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, VolumeRecord> volumes = new ConcurrentSkipListMap<>();

  /// The containers that run on volumes with options.
  private final Map<String, Set<String>> using = new HashMap<>();

  /// Volumes that are being read or written here, and how often.
  private final Map<String, Integer> held = new HashMap<>();

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
    removeHalfMade();
    for (Map.Entry<String, byte[]> entry : records.all(KIND).entrySet()) {
      VolumeRecord volume = Json.lean().read(VolumeRecord.class, entry.getValue());
      volumes.put(entry.getKey(), volume.renamedFrom() == null ? volume : finishRenaming(volume));
    }
  }

  private void removeHalfMade() throws IOException {
    try (Root root = Root.open(folder)) {
      for (RawPath name : root.list(RawPath.ROOT)) {
        if (name.toString().startsWith(HALF_MADE)) {
          root.removeTree(name);
        }
      }
    }
  }

  /// Its record has the new name already; its folder may have either.
  private VolumeRecord finishRenaming(VolumeRecord volume) throws IOException {
    Path before = folder.resolve(String.valueOf(volume.renamedFrom()));
    if (Files.exists(before)) {
      Files.move(before, folder.resolve(volume.name()));
      syncFolder();
    }
    VolumeRecord done = withName(volume, volume.name(), null);
    records.put(KIND, done.name(), Json.lean().write(done));
    return done;
  }

  private void syncFolder() throws IOException {
    try (Root root = Root.open(folder)) {
      root.sync(RawPath.ROOT);
    }
  }

  private static VolumeRecord withName(VolumeRecord volume, String name, @Nullable String from) {
    return new VolumeRecord(
        name, volume.labels(), volume.created(), volume.anonymous(), volume.options(), from);
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
      try {
        VolumeSize.limit(chosen, data, options);
      } catch (IOException | Fault e) {
        try (Root root = Root.open(folder)) {
          root.removeTree(RawPath.of(chosen));
        }
        throw e;
      }
      return keep(
          new VolumeRecord(chosen, labels, clock.instant().toString(), anonymous, options, null));
    } finally {
      lock.unlock();
    }
  }

  private VolumeDetails keep(VolumeRecord made) throws IOException {
    records.put(KIND, made.name(), Json.lean().write(made));
    volumes.put(made.name(), made);
    publish("create", made.name(), Map.of("driver", "local"));
    return details(made);
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
      refuseIfHeld("remove", name);
      delete(name);
    } finally {
      lock.unlock();
    }
  }

  private void refuseIfHeld(String what, String name) {
    if (held.containsKey(name)) {
      throw new Fault.Conflict(
          what + " " + name + ": volume is in use - it is being copied or filled: try again later");
    }
  }

  private void delete(String name) throws IOException {
    // What is mounted is somebody else's: it must not be emptied with the folder.
    unmount(name);
    VolumeSize.forget(data(name), volumes.get(name));
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
            && users.of(volume.name()).isEmpty()
            && !held.containsKey(volume.name())) {
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

  /// A volume that nobody removes and whose files are there, as long as it is open.
  interface Held extends AutoCloseable {
    /// Where its files are.
    Path files();

    VolumeDetails details();

    @Override
    void close() throws IOException;
  }

  /// @throws Fault.NotFound if there is no such volume
  Held hold(String name) throws IOException {
    lock.lock();
    try {
      VolumeDetails details = inspect(name);
      String user = ContainerId.random().hex();
      use(name, user);
      held.merge(name, 1, Integer::sum);
      return new Held() {
        @Override
        public Path files() {
          return data(name);
        }

        @Override
        public VolumeDetails details() {
          return details;
        }

        @Override
        public void close() throws IOException {
          lock.lock();
          try {
            held.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1);
            release(name, user);
          } finally {
            lock.unlock();
          }
        }
      };
    } finally {
      lock.unlock();
    }
  }

  /// Fills the folder of a new volume.
  @FunctionalInterface
  interface Filling {
    void fill(Root files) throws IOException;
  }

  /// Makes a volume with files in it: all of it or nothing.
  ///
  /// @throws Fault.Conflict if there is one of this name
  VolumeDetails make(
      String name, Map<String, String> options, Map<String, String> labels, Filling filling)
      throws IOException {
    checkName(name);
    refuseIfTaken(name);
    RawPath half = RawPath.of(HALF_MADE + ContainerId.random().abbreviated());
    Path data = folder.resolve(half.toString()).resolve("_data");
    try (Root root = Root.open(folder)) {
      boolean complete = false;
      try {
        Files.createDirectories(data);
        VolumeSize.limit(name, data, options);
        try (Root files = Root.open(data)) {
          filling.fill(files);
        }
        root.syncFileSystem();
        lock.lock();
        try {
          refuseIfTaken(name);
          root.removeTree(RawPath.of(name));
          root.renameNew(half, RawPath.of(name));
          root.sync(RawPath.ROOT);
          VolumeDetails made =
              keep(
                  new VolumeRecord(name, labels, clock.instant().toString(), false, options, null));
          complete = true;
          return made;
        } finally {
          lock.unlock();
        }
      } finally {
        if (!complete) {
          root.removeTree(half);
        }
      }
    }
  }

  private void refuseIfTaken(String name) {
    if (volumes.containsKey(name)) {
      throw new Fault.Conflict("create " + name + ": conflict: volume name must be unique");
    }
  }

  /// Gives a volume that no container has another name.
  VolumeDetails rename(String name, String newName) throws IOException {
    checkName(newName);
    lock.lock();
    try {
      VolumeRecord volume = volumes.get(name);
      if (volume == null) {
        throw new Fault.NotFound("get " + name + ": no such volume");
      }
      List<String> using = users.of(name);
      if (!using.isEmpty()) {
        throw new Fault.Conflict(
            "rename " + name + ": volume is in use - [" + String.join(", ", using) + "]");
      }
      refuseIfHeld("rename", name);
      refuseIfTaken(newName);
      unmount(name);
      try (Root root = Root.open(folder)) {
        // What a volume without a record has left behind.
        root.removeTree(RawPath.of(newName));
      }
      VolumeRecord renamed = withName(volume, newName, name);
      records.write(
          List.of(
              new RecordStore.Change(KIND, newName, Json.lean().write(renamed)),
              new RecordStore.Change(KIND, name, null)));
      volumes.remove(name);
      VolumeRecord done = finishRenaming(renamed);
      volumes.put(newName, done);
      publish("rename", newName, Map.of("driver", "local", "oldName", name));
      return details(done);
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
