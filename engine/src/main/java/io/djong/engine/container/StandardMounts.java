package io.djong.engine.container;

import io.djong.model.container.HostConfig;
import io.djong.model.spec.RuntimeSpec.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mounts that every container has. Pure.
final class StandardMounts {
  /// What `/dev/shm` may hold where nothing else was asked.
  static final long DEFAULT_SHM = 64L << 20;

  private StandardMounts() {}

  /// @param mapped whether it is in a user namespace
  static List<Mount> of(HostConfig host, @Nullable Path sharedMemory, boolean mapped) {
    String kernelFiles = host.privileged() ? "rw" : "ro";
    List<Mount> all = new ArrayList<>();
    all.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
    all.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
    all.add(
        mount(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620",
            "gid=5"));
    all.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", kernelFiles));
    all.add(mount("/sys/fs/cgroup", "cgroup", "cgroup", kernelFiles, "nosuid", "noexec", "nodev"));
    if (!mapped || !"host".equals(host.ipcMode())) {
      // The host's queues are not for a user namespace to mount.
      all.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
    }
    Path memory = "host".equals(host.ipcMode()) ? Path.of("/dev/shm") : sharedMemory;
    if (memory != null) {
      all.add(new Mount("/dev/shm", "bind", memory.toString(), List.of("rbind", "rprivate")));
    } else if (!"none".equals(host.ipcMode())) {
      all.add(shm(host));
    }
    return all;
  }

  private static Mount shm(HostConfig host) {
    long size = host.shmSize() > 0 ? host.shmSize() : DEFAULT_SHM;
    return mount(
        "/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=" + size);
  }

  private static Mount mount(String destination, String type, String source, String... options) {
    return new Mount(destination, type, source, List.of(options));
  }
}
