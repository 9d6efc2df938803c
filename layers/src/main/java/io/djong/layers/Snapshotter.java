package io.djong.layers;

import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps file trees as stacks of tars. How a tar becomes mountable is the driver's own business.
/// What a call made is durable when it returns; what a crash interrupted is not there afterwards.
/// Safe for use by several threads.
public interface Snapshotter {
  /// The extended attribute of an empty regular file or folder that only holds the place of a
  /// mount. It is no change: neither [#changes] nor [#diff] knows it.
  String PLACEHOLDER = "trusted.djong.placeholder";

  /// The driver's name as Docker shows it: `overlay2`, say.
  String name();

  /// Puts a layer on a stack. Idempotent: a chain that is there already is not read again.
  ///
  /// @param layerTar the uncompressed layer (OCI image specification, Filesystem Layers); read to
  ///   its end, not closed
  /// @throws io.djong.model.Fault.Invalid if the bytes are not those of diffId, or are not a tar,
  ///   or reach outside the layer; nothing is left behind
  /// @throws io.djong.model.Fault.NotFound if the parent is not there
  Snapshot.Committed add(@Nullable ChainId parent, InputStream layerTar, Digest diffId)
      throws IOException;

  boolean contains(ChainId chain) throws IOException;

  /// Makes a tree to write in. The key is a file name of the caller's choice.
  ///
  /// @throws io.djong.model.Fault.Conflict if the key is taken
  Snapshot.Active prepare(String key, @Nullable ChainId parent) throws IOException;

  /// Makes a tree to look at.
  Snapshot.View view(String key, ChainId parent) throws IOException;

  /// A prepared tree, also after a restart; null if there is none of that key.
  Snapshot.@Nullable Active active(String key) throws IOException;

  /// Writes what changed as a layer tar: same trees, same bytes.
  ///
  /// @return the diffID
  Digest diff(Snapshot.Active changed, OutputStream layerTar) throws IOException;

  /// What changed, in the order of the paths.
  List<Change> changes(Snapshot.Active changed) throws IOException;

  /// Bytes of the files of this tree, or of the top layer of this stack: what Docker calls their
  /// size.
  long usage(Snapshot snapshot) throws IOException;

  /// Frees it at once. Idempotent.
  ///
  /// @throws io.djong.model.Fault.Conflict if other snapshots stand on it
  void remove(Snapshot snapshot) throws IOException;

  Stream<Snapshot> list() throws IOException;

  /// One changed path, absolute inside the tree.
  record Change(Kind kind, String path) {
    /// The numbers are those of the Engine API.
    public enum Kind {
      MODIFIED,
      ADDED,
      DELETED
    }
  }
}
