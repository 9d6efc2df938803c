package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The control group of a container: one folder in cgroup v2 (cgroups(7)), a folder of the same
/// path in each hierarchy of v1. Safe for use by several threads.
public final class Cgroup {
  private static final Path MOUNTS = Path.of("/sys/fs/cgroup");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int SIGKILL = 9;
  private static final int AT_REMOVEDIR = 0x200;

  private final List<Path> folders;

  /// @param folders as [#folders] gave them
  public Cgroup(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /// The groups of a process whose path names `part`; a process is also in groups that others
  /// share, and those are left alone.
  ///
  /// @param part empty for all groups of the process
  /// @return a group without folders if the process is gone
  public static Cgroup of(int pid, String part) throws IOException {
    List<Path> folders = new ArrayList<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/proc", Integer.toString(pid), "cgroup"));
    } catch (NoSuchFileException e) {
      return new Cgroup(folders);
    }
    for (String line : lines) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && fields[2].contains(part)) {
        folders.add(hierarchy(fields[1]).resolve(fields[2].substring(1)));
      }
    }
    return new Cgroup(folders);
  }

  /// The groups with this path in all hierarchies; those that are not there do not count.
  ///
  /// @param path absolute, as `linux.cgroupsPath` of the OCI runtime specification
  public static Cgroup at(String path) throws IOException {
    Path below = Path.of("/").relativize(Path.of(path).normalize());
    List<Path> hierarchies = unified() ? List.of(MOUNTS) : children(MOUNTS);
    return new Cgroup(
        hierarchies.stream().map(h -> h.resolve(below)).filter(Files::isDirectory).toList());
  }

  private static Path hierarchy(String controllers) {
    if (controllers.isEmpty()) {
      return unified() ? MOUNTS : MOUNTS.resolve("unified");
    }
    return MOUNTS.resolve(controllers.startsWith("name=") ? controllers.substring(5) : controllers);
  }

  private static boolean unified() {
    return Files.exists(MOUNTS.resolve("cgroup.controllers"));
  }

  public List<Path> folders() {
    return folders;
  }

  /// The numbers of all processes in it and below it; empty if it is gone.
  public List<Integer> pids() throws IOException {
    List<Integer> pids = new ArrayList<>();
    if (!folders.isEmpty()) {
      collect(folders.getFirst(), pids);
    }
    return pids;
  }

  private static void collect(Path folder, List<Integer> pids) throws IOException {
    String type = read(folder.resolve("cgroup.type"));
    if (type != null && type.strip().equals("threaded")) {
      // Its processes stand in the group above; it cannot be read (cgroups(7)).
      return;
    }
    String text = read(folder.resolve("cgroup.procs"));
    if (text == null) {
      return;
    }
    text.lines().forEach(line -> pids.add(Integer.parseInt(line)));
    for (Path child : children(folder)) {
      collect(child, pids);
    }
  }

  /// Stops all processes and waits until they stand still.
  ///
  /// @throws IOException if they do not within ten seconds; they run again then
  public void freeze() throws IOException {
    try {
      freeze(true);
    } catch (IOException e) {
      freeze(false);
      throw e;
    }
  }

  /// Lets them go on.
  public void thaw() throws IOException {
    freeze(false);
  }

  private void freeze(boolean still) throws IOException {
    Path v1 = file("freezer.state");
    if (v1 != null) {
      String want = still ? "FROZEN" : "THAWED";
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        // The v1 freezer may hang half-way while a process forks; writing again moves it on.
        Files.writeString(v1, want);
        if (want.equals(Files.readString(v1).strip())) {
          return;
        }
        pause(deadline, v1);
      }
    }
    Path v2 = file("cgroup.freeze");
    if (v2 == null) {
      throw new IOException("the container's control group has no freezer");
    }
    Files.writeString(v2, still ? "1" : "0");
    String want = still ? "frozen 1" : "frozen 0";
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (Files.readString(v2.resolveSibling("cgroup.events")).lines().noneMatch(want::equals)) {
      pause(deadline, v2);
    }
  }

  private static void pause(long deadline, Path what) throws IOException {
    if (System.nanoTime() > deadline) {
      throw new IOException(
          "\"" + what + "\" did not take effect within " + PATIENCE.toSeconds() + " seconds");
    }
    LockSupport.parkNanos(500_000);
  }

  /// Whether the kernel has killed a process in it because memory ran out.
  public boolean oomKilled() throws IOException {
    Path events = file("memory.oom_control");
    if (events == null) {
      events = file("memory.events");
    }
    String text = events == null ? null : read(events);
    return text != null
        && text.lines().anyMatch(l -> l.startsWith("oom_kill ") && !l.equals("oom_kill 0"));
  }

  /// What it has used up to now; zeros if it is gone.
  public CgroupUsage usage() throws IOException {
    return CgroupUsage.of(folders);
  }

  /// Ends all processes in it, also those born meanwhile, and removes it. Idempotent.
  ///
  /// @throws IOException if a process does not end within ten seconds
  public void remove() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (Path folder : folders) {
      while (!removeTree(folder)) {
        kill();
        pause(deadline, folder);
      }
    }
  }

  private void kill() throws IOException {
    Path kill = file("cgroup.kill");
    if (kill != null) {
      Files.writeString(kill, "1");
    }
    for (Path folder : folders) {
      List<Integer> pids = new ArrayList<>();
      collect(folder, pids);
      for (int pid : pids) {
        ProcessCalls.call(ProcessCalls.KILL, pid, SIGKILL, 0);
      }
    }
    Path frozen = file("freezer.state");
    if (frozen != null) {
      // A frozen process takes no signal on v1.
      Files.writeString(frozen, "THAWED");
    }
  }

  private static boolean removeTree(Path folder) throws IOException {
    if (removeFolder(folder)) {
      return true;
    }
    for (Path child : children(folder)) {
      if (!removeTree(child)) {
        return false;
      }
    }
    return removeFolder(folder);
  }

  /// The files in a group's folder do not count: only rmdir(2) itself removes it.
  private static boolean removeFolder(Path folder) throws IOException {
    long result;
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom(folder.toString()).address();
      result = ProcessCalls.call(ProcessCalls.UNLINKAT, ProcessCalls.AT_FDCWD, path, AT_REMOVEDIR);
    }
    if (result == -Errno.EBUSY) {
      return false;
    }
    if (result != -Errno.ENOENT) {
      ProcessCalls.check("rmdir \"" + folder + "\"", result);
    }
    return true;
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      entries.forEach(children::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return children;
  }

  private @Nullable Path file(String name) {
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return null;
  }

  static @Nullable String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      // A group that is being removed answers ENODEV.
      if (Files.notExists(file)) {
        return null;
      }
      throw e;
    }
  }
}
