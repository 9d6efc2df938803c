package io.djong.build.solve;

import io.djong.build.context.FileTree;
import io.djong.build.context.Links;
import io.djong.build.graph.Operation;
import io.djong.build.solve.Selection.Item;
import io.djong.build.solve.Selection.Pick;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The layer that a COPY makes: found out by looking at the tree below, written without touching
/// it. The same files on the same tree give the same bytes. For one thread.
final class CopyLayer {
  private static final int BUFFER = 1 << 17;

  /// One entry, and where its content is.
  private record Emission(TarEntry entry, @Nullable FileTree tree, RawPath path) {}

  private final FileTree below;
  private final TreeMap<RawPath, Emission> emissions = new TreeMap<>();

  /// Folders that are not in the tree below: nothing in them needs to be looked for there.
  private final Set<RawPath> fresh = new HashSet<>();

  private final Owners owner;
  private final boolean owned;
  private final @Nullable ModeChange mode;
  private final @Nullable Instant latest;
  private Instant newest = Instant.EPOCH;

  /// @param below the tree that is copied to
  /// @param latest no time in the layer is later; null is no limit
  CopyLayer(FileTree below, @Nullable String owner, @Nullable String mode, @Nullable Instant latest)
      throws IOException {
    this.below = below;
    this.owner = Owners.of(owner, below);
    this.owned = owner != null && !owner.isEmpty();
    this.mode = mode == null || mode.isEmpty() ? null : ModeChange.of(mode);
    this.latest = latest;
  }

  /// Puts what was selected where it goes.
  ///
  /// @throws Fault.Invalid if something is in the way that cannot be replaced
  void copy(Operation.Copy copy, Selection selection) throws IOException {
    for (Pick pick : selection.picks()) {
      newest = later(newest, pick.entry().modified());
      pick.below().forEach(item -> newest = later(newest, item.entry().modified()));
    }
    boolean intoFolder = copy.destination().endsWith("/") || selection.picks().size() > 1;
    RawPath destination = RawPath.of(copy.destination());
    for (Pick pick : selection.picks()) {
      RawPath real = Links.real(this::find, destination, true);
      if (!pick.above().isRoot() || copy.parents()) {
        real = Links.real(this::find, real.resolve(pick.above()), true);
      }
      put(pick, real, intoFolder || copy.parents());
    }
  }

  private void put(Pick pick, RawPath target, boolean intoFolder) throws IOException {
    switch (pick.entry().kind()) {
      case FOLDER -> {
        makeFolder(target, pick.entry(), pick.owned());
        for (Item item : pick.below()) {
          put(
              item.entry(),
              pick.tree(),
              item.path(),
              target.resolve(item.relative()),
              pick.owned());
        }
      }
      case FILE, SYMLINK, HARD_LINK, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> {
        if (pick.unpack() && Archives.isArchive(pick)) {
          unpack(pick, target);
          return;
        }
        TarEntry there = find(target);
        boolean folder = there != null && there.kind() == TarEntry.Kind.FOLDER;
        RawPath path = intoFolder || folder ? target.resolve(pick.name()) : target;
        put(pick.entry(), pick.tree(), pick.path(), path, pick.owned());
      }
    }
  }

  private void unpack(Pick pick, RawPath target) throws IOException {
    FileTree unpacked = Archives.unpack(pick);
    opened.add(unpacked);
    makeFolder(target, null, false);
    for (Item item : Archives.items(unpacked)) {
      put(item.entry(), unpacked, item.path(), target.resolve(item.relative()), true);
    }
  }

  private final java.util.List<FileTree> opened = new java.util.ArrayList<>();

  /// A folder that is missing is made, with those above it.
  void makeFolder(RawPath path, @Nullable TarEntry like, boolean keepOwner) throws IOException {
    if (path.isRoot()) {
      return;
    }
    TarEntry there = find(path);
    if (there != null && there.kind() != TarEntry.Kind.FOLDER) {
      throw new Fault.Invalid("cannot copy to non-directory: /" + path);
    }
    parents(path);
    if (there != null) {
      emissions.putIfAbsent(path, new Emission(there.withName(path), null, path));
      return;
    }
    TarEntry made =
        like == null ? TarEntry.folder("x", 0755, newest) : changed(like, keepOwner && !owned);
    TarEntry own = like == null ? made.withOwner(owner.uid(), owner.gid()) : made;
    emissions.put(path, new Emission(clamped(own.withName(path)), null, path));
    fresh.add(path);
  }

  private void parents(RawPath path) throws IOException {
    RawPath above = path.parent();
    if (!above.isRoot() && !emissions.containsKey(above)) {
      makeFolder(above, null, false);
    }
  }

  private void put(TarEntry entry, FileTree tree, RawPath from, RawPath path, boolean keepOwner)
      throws IOException {
    TarEntry there = find(path);
    boolean onFolder = there != null && there.kind() == TarEntry.Kind.FOLDER;
    if (entry.kind() == TarEntry.Kind.FOLDER) {
      makeFolder(path, entry, keepOwner);
      return;
    }
    if (onFolder) {
      throw new Fault.Invalid("cannot replace to directory /" + path + " with file");
    }
    parents(path);
    TarEntry made = changed(entry, keepOwner && !owned).withName(path);
    boolean file = entry.kind() == TarEntry.Kind.FILE;
    emissions.put(path, new Emission(clamped(made), file ? tree : null, from));
  }

  private TarEntry changed(TarEntry entry, boolean keepOwner) {
    int permissions = entry.permissions();
    if (mode != null && entry.kind() != TarEntry.Kind.SYMLINK) {
      permissions = mode.apply(permissions, entry.kind() == TarEntry.Kind.FOLDER);
    }
    return new TarEntry(
        entry.kind(),
        entry.name(),
        permissions,
        keepOwner ? entry.uid() : owner.uid(),
        keepOwner ? entry.gid() : owner.gid(),
        entry.size(),
        entry.modified(),
        null,
        entry.linkName(),
        entry.deviceMajor(),
        entry.deviceMinor(),
        entry.xattrs());
  }

  private TarEntry clamped(TarEntry entry) {
    return latest == null ? entry : Times.clamped(entry, latest);
  }

  private @Nullable TarEntry find(RawPath path) throws IOException {
    if (path.isRoot()) {
      return TarEntry.folder(".", 0755, Instant.EPOCH);
    }
    Emission emission = emissions.get(path);
    if (emission != null) {
      return emission.entry();
    }
    return fresh.contains(path.parent()) ? null : below.find(path);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  boolean isEmpty() {
    return emissions.isEmpty();
  }

  /// Writes the layer. May be called more than once.
  void writeTo(OutputStream out) throws IOException {
    BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
    TarWriter archive = new TarWriter(buffered);
    for (Map.Entry<RawPath, Emission> each : emissions.entrySet()) {
      Emission emission = each.getValue();
      FileTree tree = emission.tree();
      if (tree == null) {
        archive.put(emission.entry());
      } else {
        try (InputStream content = tree.open(emission.path())) {
          archive.put(emission.entry(), content);
        }
      }
    }
    archive.close();
  }

  void close() throws IOException {
    for (FileTree tree : opened) {
      tree.close();
    }
  }
}
