package io.djong.build.solve;

import io.djong.build.context.FileTree;
import io.djong.build.context.InlineTree;
import io.djong.build.context.RootTree;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.linux.PinnedPath;
import io.djong.linux.Root;
import io.djong.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// Stacks of layers as trees to read. Safe for use by several threads.
public final class MountedTrees {
  private static final String PREFIX = "build-";

  private final Snapshotter snapshots;
  private final Mounts mounts;
  private final Path folder;

  /// Removes what an earlier daemon left.
  ///
  /// @param folder for mount points; nobody else uses it
  public MountedTrees(Snapshotter snapshots, Mounts mounts, Path folder) throws IOException {
    this.snapshots = snapshots;
    this.mounts = mounts;
    this.folder = folder.toAbsolutePath();
    Files.createDirectories(this.folder);
    for (var point : mounts.below(this.folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
    try (Stream<Path> left = Files.list(this.folder)) {
      for (Path path : left.toList()) {
        Files.deleteIfExists(path);
      }
    }
    List<Snapshot> all;
    try (Stream<Snapshot> list = snapshots.list()) {
      all = list.toList();
    }
    for (Snapshot snapshot : all) {
      boolean own =
          switch (snapshot) {
            case Snapshot.View view -> view.key().startsWith(PREFIX);
            case Snapshot.Active active -> active.key().startsWith(PREFIX);
            case Snapshot.Committed _ -> false;
          };
      if (own) {
        snapshots.remove(snapshot);
      }
    }
  }

  /// A mounted tree; closing it takes the mount away.
  interface Mounted extends AutoCloseable {
    Path path();

    @Override
    void close() throws IOException;
  }

  /// The tree of a stack, at a path until it is closed.
  Mounted mount(List<Digest> diffIds) throws IOException {
    String key = PREFIX + UUID.randomUUID();
    Path target = Files.createDirectory(folder.resolve(key));
    Snapshot.View view = null;
    boolean done = false;
    try {
      view = snapshots.view(key, ChainId.of(diffIds));
      for (Mount mount : view.mounts()) {
        mounts.mount(mount, target);
      }
      done = true;
    } finally {
      if (!done) {
        remove(target, view);
      }
    }
    Snapshot.View made = view;
    return new Mounted() {
      @Override
      public Path path() {
        return target;
      }

      @Override
      public void close() throws IOException {
        remove(target, made);
      }
    };
  }

  /// Something else that a snapshotter gave, at a path until it is closed.
  Mounted mount(String key, List<Mount> what) throws IOException {
    Path target = Files.createDirectory(folder.resolve(key));
    boolean done = false;
    try {
      for (Mount mount : what) {
        mounts.mount(mount, target);
      }
      done = true;
    } finally {
      if (!done) {
        remove(target, null);
      }
    }
    return new Mounted() {
      @Override
      public Path path() {
        return target;
      }

      @Override
      public void close() throws IOException {
        remove(target, null);
      }
    };
  }

  /// A file or folder that is held, at a path of its own: the runtime mounts in a namespace of the
  /// container's, where a descriptor of ours leads nowhere.
  Mounted bind(PinnedPath source) throws IOException {
    Path target = folder.resolve(PREFIX + UUID.randomUUID());
    if (source.status().isFolder()) {
      Files.createDirectory(target);
    } else {
      Files.createFile(target);
    }
    boolean done = false;
    try {
      mounts.mount(new Mount("bind", source.path().toString(), target, List.of("rbind")));
      done = true;
    } finally {
      if (!done) {
        remove(target, null);
      }
    }
    return new Mounted() {
      @Override
      public Path path() {
        return target;
      }

      @Override
      public void close() throws IOException {
        remove(target, null);
      }
    };
  }

  private void remove(Path target, Snapshot.@org.jspecify.annotations.Nullable View view)
      throws IOException {
    mounts.unmount(target, true);
    Files.deleteIfExists(target);
    if (view != null) {
      snapshots.remove(view);
    }
  }

  /// The tree of a stack to read.
  FileTree open(List<Digest> diffIds) throws IOException {
    if (diffIds.isEmpty()) {
      return new InlineTree(Map.of(), 0);
    }
    Mounted mounted = mount(diffIds);
    boolean done = false;
    try {
      FileTree tree = new MountedTree(new RootTree(Root.open(mounted.path())), mounted);
      done = true;
      return tree;
    } finally {
      if (!done) {
        mounted.close();
      }
    }
  }
}
