package io.djong.engine.container;

import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.linux.PinnedPath;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import io.djong.model.record.ContainerRecord.MountRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Opens the trees of containers for looking and copying: of a running one what its processes see,
/// of any other its layers with the volumes and binds in their places.
final class ContainerTrees {
  private final RootFileSystems trees;
  private final Mounts mounts;

  ContainerTrees(RootFileSystems trees, Mounts mounts) {
    this.trees = trees;
    this.mounts = mounts;
  }

  /// A tree that is open. A container that does not run cannot be started meanwhile.
  interface Tree extends AutoCloseable {
    Root root();

    @Override
    void close() throws IOException;
  }

  private record Running(Root root) implements Tree {
    @Override
    public void close() {
      root.close();
    }
  }

  private record Still(Root root, Container container, RootFileSystems trees, boolean unmounts)
      implements Tree {
    @Override
    public void close() throws IOException {
      try {
        root.close();
        if (unmounts) {
          // Lazily, and so with everything mounted inside.
          trees.unmount(container.id());
        }
      } finally {
        container.lock().unlock();
      }
    }
  }

  /// With what is mounted in it.
  Tree whole(Container container) throws IOException {
    container.lock().lock();
    boolean done = false;
    try {
      if (container.isRunning()) {
        Root root = Root.open(Path.of("/proc/" + container.life().pid() + "/root"));
        return new Running(root);
      }
      boolean wasMounted = trees.isMounted(container.id());
      Root root = Root.open(trees.mount(container.id()));
      try {
        mountInside(container, root);
        done = true;
        return new Still(root, container, trees, true);
      } finally {
        if (!done) {
          root.close();
          if (!wasMounted) {
            trees.unmount(container.id());
          }
        }
      }
    } finally {
      if (!done) {
        container.lock().unlock();
      }
    }
  }

  private void mountInside(Container container, Root root) throws IOException {
    Preflight preflight = new Preflight(root);
    List<MountRecord> all = new ArrayList<>(container.record().mounts());
    all.sort(Comparator.comparingInt(mount -> Path.of(mount.destination()).getNameCount()));
    for (MountRecord mount : all) {
      // An image's tree is there while the container runs.
      if (!mount.type().equals("tmpfs") && !mount.type().equals("image")) {
        Path source = ContainerMounts.source(mount);
        preflight.makeTarget(mount.destination(), Files.isDirectory(source));
        try (PinnedPath target = root.pin(RawPath.of(mount.destination()))) {
          mounts.mount(
              new Mount(
                  "bind",
                  source.toString(),
                  target.path(),
                  mount.writable() ? List.of("rbind") : List.of("rbind", "ro")));
        }
      }
    }
  }

  /// Without what is mounted in it.
  Tree own(Container container) throws IOException {
    container.lock().lock();
    boolean done = false;
    try {
      boolean wasMounted = trees.isMounted(container.id());
      Root root = Root.open(trees.mount(container.id()));
      done = true;
      return new Still(root, container, trees, !wasMounted);
    } finally {
      if (!done) {
        container.lock().unlock();
      }
    }
  }
}
