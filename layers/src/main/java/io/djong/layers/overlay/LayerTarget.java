package io.djong.layers.overlay;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.model.RawPath;
import java.io.IOException;

/// The tree that a layer tar becomes, on the disk or in memory. Entries do to it what
/// [io.djong.layers.tar.TreeWriter] says; paths lead where the kernel would find them below a root,
/// links at their end are not followed. For one thread.
///
/// What is refused, because it leads out or cannot be, is a [io.djong.model.Fault.Invalid].
public interface LayerTarget extends AutoCloseable {
  /// What is at a path.
  enum Found {
    NOTHING,
    FOLDER,
    OTHER
  }

  Found find(RawPath path) throws IOException;

  /// Puts the entry that the reader has just given.
  void put(TarEntry entry, TarReader archive) throws IOException;

  /// Makes a folder, and those above it, that the archive has no entry for; what is there already
  /// stays as it is.
  void makeFolder(RawPath path) throws IOException;

  /// Marks that what is below has nothing here. There must be nothing at the path.
  void makeWhiteout(RawPath path) throws IOException;

  /// Marks a folder that is here as hiding the one below.
  void makeOpaque(RawPath folder) throws IOException;

  /// Called once, after all.
  void finish() throws IOException;

  @Override
  void close();
}
