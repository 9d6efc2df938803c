package io.djong.engine.container;

import io.djong.model.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/// Where the files of containers are: durable ones below the data root, those of one run below the
/// exec root.
record ContainerFolders(Path data, Path exec) {
  ContainerFolders {
    data = data.toAbsolutePath();
    exec = exec.toAbsolutePath();
  }

  Path data(ContainerId id) {
    return data.resolve(id.hex());
  }

  Path hosts(ContainerId id) {
    return data(id).resolve("hosts");
  }

  Path hostname(ContainerId id) {
    return data(id).resolve("hostname");
  }

  Path resolvConf(ContainerId id) {
    return data(id).resolve("resolv.conf");
  }

  Path log(ContainerId id) {
    return logs(id).resolve("container.log");
  }

  Path logs(ContainerId id) {
    return data(id).resolve("log");
  }

  Path bundle(ContainerId id) {
    return exec.resolve(id.hex());
  }

  /// What a container's `/dev/shm` is if others have it too.
  Path shm(ContainerId id) {
    return bundle(id).resolve("shm");
  }

  /// Where sources of mounts are mounted while a container is being started.
  Path mounts(ContainerId id) {
    return bundle(id).resolve("mounts");
  }

  Path rootfs(ContainerId id) {
    return bundle(id).resolve("rootfs");
  }

  /// Nobody but root looks in.
  static void make(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    }
  }
}
