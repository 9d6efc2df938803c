package io.djong.engine.container;

import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.model.spec.RuntimeSpec.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mounts of one container as the runtime is told them: outer ones before those inside them.
final class ContainerMounts {
  private ContainerMounts() {}

  /// @param owner the container whose network it shares, and so its files about the network
  static List<Mount> of(
      ContainerRecord container, ContainerFolders folders, @Nullable ContainerId owner)
      throws IOException {
    ContainerId id = owner == null ? new ContainerId(container.id()) : owner;
    List<Mount> all = new ArrayList<>();
    for (MountRecord mount : container.mounts()) {
      all.add(
          new Mount(
              mount.destination(),
              mount.type().equals("tmpfs") ? "tmpfs" : "bind",
              mount.type().equals("tmpfs") ? "tmpfs" : source(mount).toString(),
              mount.options()));
    }
    addFile(all, "/etc/resolv.conf", folders.resolvConf(id));
    addFile(all, "/etc/hostname", folders.hostname(id));
    addFile(all, "/etc/hosts", folders.hosts(id));
    all.sort(Comparator.comparingInt(mount -> Path.of(mount.destination()).getNameCount()));
    return List.copyOf(all);
  }

  private static void addFile(List<Mount> all, String destination, Path file) {
    if (all.stream().noneMatch(mount -> mount.destination().equals(destination))) {
      all.add(new Mount(destination, "bind", file.toString(), List.of("rbind", "rprivate")));
    }
  }

  /// Where on the host a mount comes from.
  static Path source(MountRecord mount) throws IOException {
    Path source = Path.of(mount.source());
    String subpath = mount.subpath();
    if (subpath != null) {
      Path inner = source.resolve(subpath).toRealPath();
      if (!inner.startsWith(source.toRealPath())) {
        throw new Fault.Invalid(
            mount.type() + " subpath " + subpath + " leads out of the " + mount.type());
      }
      return inner;
    }
    if (mount.type().equals("bind") && !Files.exists(source)) {
      throw new Fault.Invalid(
          "invalid mount config for type \"bind\": bind source path does not exist: "
              + mount.source());
    }
    return source;
  }
}
