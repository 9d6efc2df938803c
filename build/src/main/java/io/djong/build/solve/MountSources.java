package io.djong.build.solve;

import io.djong.build.StepRunner.StepMount;
import io.djong.build.context.FileTree;
import io.djong.build.context.InlineTree;
import io.djong.build.dockerfile.MountSpec;
import io.djong.build.graph.Operation;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.layers.Snapshot;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.PinnedPath;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds on this machine what the mounts of a step show. Sources are looked up below the root of
/// their tree, and held by descriptors, so that no link leads out of it. For one step.
final class MountSources {
  private final Workshop shop;
  private final Deque<AutoCloseable> opened;

  /// @param opened gets what is to be closed, the last first
  MountSources(Workshop shop, Deque<AutoCloseable> opened) {
    this.shop = shop;
    this.opened = opened;
  }

  private static String target(MountSpec spec, String workingDir) {
    return absolute(spec.value("target", "/"), workingDir);
  }

  private static String absolute(String path, String workingDir) {
    String whole = Path.of("/").resolve(workingDir).resolve(path).normalize().toString();
    if (whole.equals("/")) {
      throw new Fault.Invalid("invalid mount target \"" + path + "\": it is the root");
    }
    return whole;
  }

  /// A piece of another tree. What is written to it is dropped with the step.
  StepMount bind(MountSpec spec, List<Digest> input, String workingDir) throws IOException {
    boolean writable = spec.flag("readwrite");
    Path tree = writable && !input.isEmpty() ? writable(input) : readOnly(input);
    Path source = source(tree, spec.value("source", "/"), spec.value("from"));
    return new StepMount(source, target(spec, workingDir), writable, List.of());
  }

  private Path readOnly(List<Digest> input) throws IOException {
    if (input.isEmpty()) {
      MemoryFiles.Shelf empty = shop.memory().open();
      opened.push(empty);
      return empty.path();
    }
    MountedTrees.Mounted mounted = shop.trees().mount(input);
    opened.push(mounted);
    return mounted.path();
  }

  private Path writable(List<Digest> input) throws IOException {
    String key = "build-" + UUID.randomUUID();
    Snapshot.Active active = shop.layers().snapshots().prepare(key, LayerStore.chain(input));
    opened.push(() -> shop.layers().snapshots().remove(active));
    MountedTrees.Mounted mounted = shop.trees().mount(key, active.mounts());
    opened.push(mounted);
    return mounted.path();
  }

  private Path source(Path tree, String source, @Nullable String from) throws IOException {
    RawPath path = RawPath.ROOT;
    for (RawPath component : RawPath.of(source).components()) {
      path = component.climbs() ? path.parent() : path.resolve(component);
    }
    try (Root root = Root.open(tree);
        PinnedPath pinned = root.pin(path)) {
      MountedTrees.Mounted mounted = shop.trees().bind(pinned);
      opened.push(mounted);
      return mounted.path();
    } catch (io.djong.linux.KernelException e) {
      throw new Fault.Invalid(
          "failed to mount " + source + (from == null ? "" : " from " + from) + ": not found");
    }
  }

  /// By what the folder of a cache mount is known.
  static String cacheId(MountSpec spec, String workingDir) {
    return spec.value("id", target(spec, workingDir));
  }

  /// A folder that outlives the step.
  StepMount cache(MountSpec spec, List<Digest> seed, String workingDir)
      throws IOException, InterruptedException {
    String target = target(spec, workingDir);
    CacheMounts.Taken taken =
        shop.cacheMounts()
            .take(
                cacheId(spec, workingDir),
                spec.value("sharing", "shared"),
                folder -> fill(folder, spec, seed));
    opened.push(taken);
    return new StepMount(taken.path(), target, !"false".equals(spec.value("readwrite")), List.of());
  }

  /// What a cache mount begins with: nothing, or the files of another tree.
  private void fill(Path folder, MountSpec spec, List<Digest> seed) throws IOException {
    try (Root root = Root.open(folder)) {
      if (!seed.isEmpty()) {
        copy(seed, spec.value("source", "/"), root);
      }
      root.chown(RawPath.ROOT, number(spec, "uid", 10, 0), number(spec, "gid", 10, 0));
      root.chmod(RawPath.ROOT, number(spec, "mode", 8, 0755));
    }
  }

  private void copy(List<Digest> seed, String source, Root to) throws IOException {
    Operation.Copy all =
        new Operation.Copy(
            List.of(new Operation.Source(0, List.of(source), false, null)),
            "/",
            null,
            null,
            false,
            false,
            List.of(),
            false);
    try (FileTree tree = shop.trees().open(seed);
        FileTree nothing = new InlineTree(Map.of(), 0)) {
      CopyLayer layer = new CopyLayer(nothing, null, null, null);
      layer.copy(all, Selection.of(all, List.of(tree), List.of(true)));
      try (Pipes.Source tar = Pipes.of(layer::writeTo);
          TreeWriter writer = new TreeWriter(to, TreeWriter.Settings.PLAIN)) {
        TarReader archive = new TarReader(tar.stream());
        for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
          writer.put(entry, archive);
        }
        archive.drain();
        writer.finish();
      } finally {
        layer.close();
      }
    }
  }

  private static int number(MountSpec spec, String key, int radix, int absent) {
    String text = spec.value(key);
    if (text == null) {
      return absent;
    }
    try {
      return Integer.parseInt(text, radix);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid value " + text + " for " + key, e);
    }
  }

  static StepMount tmpfs(MountSpec spec, String workingDir) {
    String size = spec.value("size");
    List<String> options = new ArrayList<>();
    if (size != null) {
      options.add("size=" + size);
    }
    return new StepMount(null, target(spec, workingDir), true, options);
  }

  StepMount secret(MountSpec spec, String target, byte[] secret, String workingDir, int number)
      throws IOException {
    MemoryFiles.Shelf shelf = shop.memory().open();
    opened.push(shelf);
    Path file =
        shelf.write(
            "secret-" + number,
            secret,
            number(spec, "mode", 8, 0400),
            number(spec, "uid", 10, 0),
            number(spec, "gid", 10, 0));
    return new StepMount(file, absolute(target, workingDir), false, List.of());
  }
}
