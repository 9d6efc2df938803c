package io.djong.engine.container;

import io.djong.model.ContainerId;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.model.spec.RuntimeSpec.Mount;
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
      ContainerRecord container,
      MountSources.Opened sources,
      ContainerFolders folders,
      @Nullable ContainerId owner) {
    ContainerId id = owner == null ? new ContainerId(container.id()) : owner;
    List<Mount> all = new ArrayList<>();
    for (MountRecord mount : container.mounts()) {
      boolean memory = mount.type().equals("tmpfs");
      all.add(
          new Mount(
              mount.destination(),
              memory ? "tmpfs" : "bind",
              memory ? "tmpfs" : sources.of(mount.destination()).toString(),
              sources.isFolder(mount) ? mount.options() : ofFile(mount.options())));
    }
    addFile(all, "/etc/resolv.conf", sources.file(folders.resolvConf(id)));
    addFile(all, "/etc/hostname", sources.file(folders.hostname(id)));
    addFile(all, "/etc/hosts", sources.file(folders.hosts(id)));
    all.sort(Comparator.comparingInt(mount -> Path.of(mount.destination()).getNameCount()));
    return List.copyOf(all);
  }

  /// Nothing is mounted below a file, and crun 1.8.1 takes one that is to be read-only all the way
  /// down for a folder.
  private static List<String> ofFile(List<String> options) {
    return options.stream().map(option -> option.equals("rro") ? "ro" : option).toList();
  }

  private static void addFile(List<Mount> all, String destination, Path file) {
    if (all.stream().noneMatch(mount -> mount.destination().equals(destination))) {
      all.add(new Mount(destination, "bind", file.toString(), List.of("rbind", "rprivate")));
    }
  }
}
