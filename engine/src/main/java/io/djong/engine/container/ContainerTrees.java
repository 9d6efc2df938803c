package io.djong.engine.container;

import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.linux.PinnedPath;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Opens the trees of containers for looking and copying: of a running one what its processes see,
/// of any other its layers with the volumes and binds in their places.
final class ContainerTrees {
  private final RootFileSystems trees;
  private final Mounts mounts;
  private final MountSources sources;

  ContainerTrees(RootFileSystems trees, Mounts mounts, MountSources sources) {
    this.trees = trees;
    this.mounts = mounts;
    this.sources = sources;
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
        return seenByItself(container);
      }
      boolean wasMounted = trees.isMounted(container.id());
      trees.mount(container.id());
      Root root = trees.open(container.id());
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

  private static Tree seenByItself(Container container) throws IOException {
    Root root =
        Root.open(
            Path.of("/proc/" + container.life().pid() + "/root"),
            UserNamespaces.mapping(container.record()));
    ContainerProcess process = container.process();
    if (process != null && process.signal(0)) {
      return new Running(root);
    }
    // The number may be another process's by now, and the tree the host's.
    root.close();
    throw new Fault.Conflict("container " + container.name() + " has just ended: try again");
  }

  private void mountInside(Container container, Root root) throws IOException {
    Preflight preflight = new Preflight(root);
    List<MountRecord> all = new ArrayList<>(container.record().mounts());
    all.sort(Comparator.comparingInt(mount -> Path.of(mount.destination()).getNameCount()));
    try (MountSources.Opened opened = sources.open(container.record(), null)) {
      for (MountRecord mount : all) {
        if (!mount.type().equals("tmpfs")) {
          preflight.makeTarget(mount.destination(), opened.isFolder(mount));
          mountAt(root, mount, opened.of(mount.destination()));
        }
      }
    }
  }

  private void mountAt(Root root, MountRecord mount, Path source) throws IOException {
    RawPath place = RawPath.of(mount.destination());
    try (PinnedPath target = root.pin(place)) {
      mounts.mount(new Mount("bind", source.toString(), target.path(), List.of("rbind")));
    }
    if (!mount.writable()) {
      // What is there now is what was mounted.
      try (PinnedPath mounted = root.pin(place)) {
        mounts.mount(new Mount("bind", "none", mounted.path(), List.of("remount", "bind", "ro")));
      }
    }
  }

  /// Without what is mounted in it.
  Tree own(Container container) throws IOException {
    container.lock().lock();
    boolean done = false;
    try {
      boolean wasMounted = trees.isMounted(container.id());
      if (!wasMounted) {
        trees.mount(container.id());
      }
      Root root = trees.open(container.id());
      done = true;
      return new Still(root, container, trees, !wasMounted);
    } finally {
      if (!done) {
        container.lock().unlock();
      }
    }
  }
}
