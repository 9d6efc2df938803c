package io.djong.layers.overlay;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.layers.Snapshotter;
import io.djong.layers.Snapshotter.Change;
import io.djong.layers.tar.TreeReader;
import io.djong.layers.tar.Xattrs;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tells what changed from the folder where overlayfs puts it, looking below only where something
/// is: the effort goes with the changes, not with the tree. For one thread.
final class UpperFolder {
  private static final byte[] PLACEHOLDER =
      Snapshotter.PLACEHOLDER.getBytes(StandardCharsets.US_ASCII);

  private final Root upper;
  private final LayerStack below;

  UpperFolder(Root upper, LayerStack below) {
    this.upper = upper;
    this.below = below;
  }

  /// One thing in the upper folder.
  ///
  /// @param kind null if nothing about it changed, which only folders can
  /// @param opaque whether it is a folder that hides one below
  private record Found(
      RawPath path, FileStatus status, Change.@Nullable Kind kind, boolean opaque) {}

  /// In the order of the paths.
  List<Change> changes() throws IOException {
    List<Change> changes = new ArrayList<>();
    for (Found found : walk()) {
      if (found.kind != null) {
        changes.add(new Change(found.kind, "/" + found.path));
      }
    }
    return changes;
  }

  /// Folders above a change are written with their attributes even if these did not change: who
  /// unpacks the layer would otherwise have to make them up.
  void writeTo(TarWriter archive) throws IOException {
    TreeReader tree = new TreeReader(upper, archive);
    for (Found found : walk()) {
      if (found.kind == Change.Kind.DELETED) {
        archive.put(marker(OverlayMark.marker(found.path)));
        continue;
      }
      tree.put(found.path, found.path, found.status);
      if (found.opaque) {
        archive.put(marker(found.path.resolve(OverlayMark.OPAQUE)));
      }
    }
  }

  private static TarEntry marker(RawPath path) {
    return TarEntry.file("marker", 0, 0, Instant.EPOCH).withName(path);
  }

  /// All that changed and the folders above it, in the order of the paths.
  private List<Found> walk() throws IOException {
    List<Found> found = new ArrayList<>();
    walk(RawPath.ROOT, below.isEmpty() ? null : below.root(), found);
    return found;
  }

  /// @return whether something directly in the folder came or went
  private boolean walk(RawPath folder, LayerStack.@Nullable Folder lower, List<Found> found)
      throws IOException {
    boolean changed = false;
    for (Map.Entry<RawPath, FileStatus> each : list(folder).entrySet()) {
      RawPath name = each.getKey();
      RawPath path = folder.resolve(name);
      FileStatus status = each.getValue();
      LayerStack.Found old = lower == null ? null : LayerStack.find(lower, name);
      if (old == null && onlyHoldsAPlace(path, status)) {
        continue;
      }
      if (OverlayMark.isWhiteout(status)) {
        if (old != null) {
          found.add(new Found(path, status, Change.Kind.DELETED, false));
          changed = true;
        }
      } else if (status.isFolder()) {
        changed |= old == null;
        walkFolder(path, status, old, found);
      } else {
        changed |= old == null;
        Change.Kind kind = old == null ? Change.Kind.ADDED : Change.Kind.MODIFIED;
        found.add(new Found(path, status, kind, false));
      }
    }
    return changed;
  }

  /// What is in a folder, in the order of the names.
  private SortedMap<RawPath, FileStatus> list(RawPath folder) throws IOException {
    SortedMap<RawPath, FileStatus> found = new TreeMap<>();
    // Names are looked up in the folder itself: one call each, however deep it lies.
    try (Root here = upper.openRoot(folder)) {
      for (RawPath name : here.list(RawPath.ROOT)) {
        FileStatus status = here.find(name);
        if (status != null) {
          found.put(name, status);
        }
      }
    }
    return found;
  }

  private boolean onlyHoldsAPlace(RawPath path, FileStatus status) throws IOException {
    boolean empty =
        status.isFolder() ? upper.list(path).isEmpty() : status.isRegular() && status.size() == 0;
    return empty && upper.xattr(path, PLACEHOLDER) != null;
  }

  private void walkFolder(
      RawPath path, FileStatus status, LayerStack.@Nullable Found old, List<Found> found)
      throws IOException {
    int position = found.size();
    boolean opaque = OverlayMark.isOpaque(upper, path);
    LayerStack.Folder lower = old == null || opaque ? null : old.folder();
    boolean changed = walk(path, lower, found);
    Change.Kind kind;
    if (old == null) {
      kind = Change.Kind.ADDED;
    } else if (changed || opaque || old.folder() == null || differs(path, status, old)) {
      kind = Change.Kind.MODIFIED;
    } else {
      kind = null;
    }
    if (kind != null || found.size() > position) {
      boolean hides = opaque && old != null && old.folder() != null;
      found.add(position, new Found(path, status, kind, hides));
    }
  }

  private boolean differs(RawPath path, FileStatus status, LayerStack.Found old)
      throws IOException {
    FileStatus before = old.status();
    return status.permissions() != before.permissions()
        || status.uid() != before.uid()
        || status.gid() != before.gid()
        || !status.modified().equals(before.modified())
        || !same(Xattrs.of(upper, path), Xattrs.of(old.owner(), path));
  }

  private static boolean same(SortedMap<String, byte[]> a, SortedMap<String, byte[]> b) {
    if (!a.keySet().equals(b.keySet())) {
      return false;
    }
    for (Map.Entry<String, byte[]> entry : a.entrySet()) {
      if (!java.util.Arrays.equals(entry.getValue(), b.get(entry.getKey()))) {
        return false;
      }
    }
    return true;
  }
}
