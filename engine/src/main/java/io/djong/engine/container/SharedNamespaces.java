package io.djong.engine.container;

import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.linux.UserNamespace;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.record.ContainerRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The namespaces that containers share: `--pid` and `--ipc` with `container:NAME`. Who shares its
/// ipc namespace shares `/dev/shm` too, which lies on the host's side then.
final class SharedNamespaces {
  private static final String OTHER = "container:";

  private final ContainerRegister containers;
  private final ContainerFolders folders;
  private final Mounts mounts;

  SharedNamespaces(ContainerRegister containers, ContainerFolders folders, Mounts mounts) {
    this.containers = containers;
    this.folders = folders;
    this.mounts = mounts;
  }

  /// Whether a mode names another container.
  static boolean isOther(@Nullable String mode) {
    return mode != null && mode.startsWith(OTHER);
  }

  /// Whether a container's `/dev/shm` is to be had by others.
  static boolean sharesMemory(HostConfig host) {
    return "shareable".equals(host.ipcMode());
  }

  /// Refuses at create what cannot be: a container that is not there, or keeps its memory to
  /// itself.
  void check(HostConfig host) {
    if (isOther(host.pidMode())) {
      other(host.pidMode());
    }
    if (isOther(host.ipcMode())) {
      sharing(other(host.ipcMode()));
    }
  }

  /// The namespaces to join, by the runtime's words for them.
  ///
  /// @throws Fault.Conflict if the other does not run
  Map<String, Path> joined(ContainerRecord container) {
    Map<String, Path> all = new TreeMap<>();
    HostConfig host = container.host();
    if (isOther(host.pidMode())) {
      all.put("pid", namespace(running(other(host.pidMode()), "PID"), "pid"));
    }
    if (isOther(host.ipcMode())) {
      Container other = running(other(host.ipcMode()), "IPC");
      sharing(other);
      all.put("ipc", namespace(other, "ipc"));
    }
    return all;
  }

  /// Where `/dev/shm` comes from if it is shared; null if it is the container's own. Mounts it if
  /// it is this container that shares it; in its bundle, with which it goes.
  @Nullable Path memory(
      ContainerRecord container, @Nullable UserNamespace namespace, Rollback rollback)
      throws IOException {
    HostConfig host = container.host();
    if (isOther(host.ipcMode())) {
      Container other = other(host.ipcMode());
      return "host".equals(other.record().host().ipcMode())
          ? Path.of("/dev/shm")
          : folders.shm(other.id());
    }
    if (!sharesMemory(host)) {
      return null;
    }
    Path shm = folders.shm(new ContainerId(container.id()));
    ContainerFolders.make(shm);
    mounts.unmount(shm, true);
    mounts.mount(
        new Mount(
            "tmpfs",
            "shm",
            shm,
            List.of(
                "nosuid",
                "noexec",
                "nodev",
                "mode=1777",
                "uid=" + (namespace == null ? 0 : namespace.mapping().user(0)),
                "gid=" + (namespace == null ? 0 : namespace.mapping().group(0)),
                "size=" + (host.shmSize() > 0 ? host.shmSize() : StandardMounts.DEFAULT_SHM))));
    rollback.add(() -> mounts.unmount(shm, true));
    return shm;
  }

  /// A container that has ended shares nothing any more. Idempotent.
  void end(ContainerRecord container) throws IOException {
    if (sharesMemory(container.host())) {
      mounts.unmount(folders.shm(new ContainerId(container.id())), true);
    }
  }

  private Container other(@Nullable String mode) {
    try {
      return containers.find(String.valueOf(mode).substring(OTHER.length()));
    } catch (Fault.NotFound e) {
      throw new Fault.Invalid(e.getMessage() == null ? "" : e.getMessage(), e);
    }
  }

  private static Container running(Container other, String kind) {
    if (!other.isRunning()) {
      throw new Fault.Conflict(
          "cannot join " + kind + " of a non running container: " + other.name());
    }
    return other;
  }

  private static void sharing(Container other) {
    String mode = other.record().host().ipcMode();
    if (!sharesMemory(other.record().host()) && !"host".equals(mode)) {
      throw new Fault.Invalid(
          "can't join IPC of container "
              + other.id()
              + ": non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
    }
  }

  private static Path namespace(Container other, String kind) {
    return Path.of("/proc", Integer.toString(other.life().pid()), "ns", kind);
  }
}
