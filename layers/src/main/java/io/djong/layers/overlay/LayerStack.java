package io.djong.layers.overlay;

import io.djong.content.tar.TarEntry;
import io.djong.layers.tar.TreeReader;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What an overlay of these layers would show, found out by looking, without mounting one. The
/// layers are opened when the first is looked at. For one thread.
public final class LayerStack implements AutoCloseable {
  private final Folders folders;
  private @Nullable List<Root> layers;

  /// The folders of the layers, from the top.
  @FunctionalInterface
  public interface Folders {
    List<Path> open() throws IOException;
  }

  /// A folder as the stack shows it: those layers, from the top, that add to it.
  record Folder(RawPath path, List<Root> layers) {}

  /// Something in the stack.
  ///
  /// @param owner the layer that it comes from
  /// @param folder null if it is none
  record Found(FileStatus status, Root owner, @Nullable Folder folder) {}

  private final boolean empty;

  private LayerStack(boolean empty, Folders folders) {
    this.empty = empty;
    this.folders = folders;
  }

  /// A stack of no layers.
  public static LayerStack none() {
    return new LayerStack(true, List::of);
  }

  /// @param folders at least one
  public static LayerStack of(Folders folders) {
    return new LayerStack(false, folders);
  }

  public boolean isEmpty() {
    return empty;
  }

  Folder root() throws IOException {
    List<Root> opened = layers;
    if (opened == null) {
      opened = new ArrayList<>();
      layers = opened;
      for (Path folder : folders.open()) {
        opened.add(Root.open(folder));
      }
    }
    return new Folder(RawPath.ROOT, opened);
  }

  /// What a name in a folder shows.
  static @Nullable Found find(Folder folder, RawPath name) throws IOException {
    RawPath path = folder.path.resolve(name);
    Found top = null;
    List<Root> merged = new ArrayList<>();
    for (Root layer : folder.layers) {
      FileStatus status = layer.find(path);
      if (status == null) {
        continue;
      }
      if (top == null && !status.isFolder()) {
        return OverlayMark.isWhiteout(status) ? null : new Found(status, layer, null);
      }
      if (!status.isFolder()) {
        break;
      }
      merged.add(layer);
      top = top == null ? new Found(status, layer, new Folder(path, merged)) : top;
      if (OverlayMark.isOpaque(layer, path)) {
        break;
      }
    }
    return top;
  }

  /// What a path shows; links are not followed.
  @Nullable Found find(RawPath path) throws IOException {
    Folder folder = root();
    Found found = null;
    for (RawPath component : path.components()) {
      if (folder == null) {
        return null;
      }
      found = find(folder, component);
      if (found == null) {
        return null;
      }
      folder = found.folder;
    }
    return found;
  }

  /// Whether a path shows anything; links are not followed.
  public boolean shows(RawPath path) throws IOException {
    return find(path) != null;
  }

  /// The attributes of a folder; null if the path shows none.
  public @Nullable TarEntry folderEntry(RawPath path) throws IOException {
    Found found = find(path);
    return found == null || found.folder == null ? null : TreeReader.folder(found.owner, path);
  }

  /// The attributes of the root folder; of a stack that is not empty.
  TarEntry rootEntry() throws IOException {
    return TreeReader.folder(root().layers.getFirst(), RawPath.ROOT);
  }

  /// The names that the root folder shows.
  public List<RawPath> rootNames() throws IOException {
    return names(root());
  }

  private static List<RawPath> names(Folder folder) throws IOException {
    TreeSet<RawPath> names = new TreeSet<>();
    for (Root layer : folder.layers) {
      names.addAll(layer.list(folder.path));
    }
    List<RawPath> shown = new ArrayList<>();
    for (RawPath name : names) {
      if (find(folder, name) != null) {
        shown.add(name);
      }
    }
    return shown;
  }

  @Override
  public void close() {
    if (layers != null) {
      layers.forEach(Root::close);
      layers = null;
    }
  }
}
