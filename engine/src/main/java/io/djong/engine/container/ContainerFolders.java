package io.djong.engine.container;

import io.djong.model.ContainerId;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /// Writes what the runtime is told of a container: its variables are among it, so nobody else
  /// reads it, whoever may walk by.
  void writeSpec(ContainerId id, byte[] spec) throws IOException {
    Path file = bundle(id).resolve("config.json");
    Files.deleteIfExists(file);
    try (FileChannel made =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(spec);
      while (bytes.hasRemaining()) {
        made.write(bytes);
      }
    }
  }

  /// Where layers are mounted until the tree is.
  Path layers(ContainerId id) {
    return bundle(id).resolve("layers");
  }

  /// Lets a group walk to a container's tree, as runtimes do after they have become root of a user
  /// namespace. It may list and write nothing on the way, nor walk elsewhere.
  ///
  /// @throws Fault.Failed if a folder above the exec root is in the way
  void letThrough(ContainerId id, long group) throws IOException {
    Path root = exec.resolveSibling("");
    for (Path above = root.getParent(); above != null; above = above.getParent()) {
      if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        throw new Fault.Failed(
            "root of a user namespace cannot walk to "
                + exec
                + ": chmod o+x "
                + above
                + ", or choose another --exec-root");
      }
    }
    for (Path other : children(root)) {
      if (Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS) && !other.equals(exec)) {
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwx------"));
      }
    }
    for (Path folder : List.of(root, exec)) {
      Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(folder));
      if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
        Files.setPosixFilePermissions(folder, permissions);
      }
    }
    Files.setAttribute(bundle(id), "unix:gid", (int) group);
    Files.setPosixFilePermissions(bundle(id), PosixFilePermissions.fromString("rwx--x---"));
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
