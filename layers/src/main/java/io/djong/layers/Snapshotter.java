package io.djong.layers;

import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
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

  /// What `docker info` shows of it, by the words that it shows.
  SequencedMap<String, String> status();

  /// Puts a layer on a stack: [#stage] and [Staged#add] in one. Idempotent: a chain that is there
  /// already is not read again.
  ///
  /// @param layerTar the uncompressed layer (OCI image specification, Filesystem Layers); read to
  ///   its end, not closed
  /// @throws io.djong.model.Fault.Invalid if the bytes are not those of diffId, or are not a tar,
  ///   or reach outside the layer; nothing is left behind
  /// @throws io.djong.model.Fault.NotFound if the parent is not there
  Snapshot.Committed add(@Nullable ChainId parent, InputStream layerTar, Digest diffId)
      throws IOException;

  /// Takes a layer in before the stack is there that it goes on, so that the layers of an image may
  /// come side by side, each read once. What is staged is of this process alone: a crash, or
  /// closing it, drops it.
  ///
  /// @param layerTar read to its end, not closed
  /// @throws io.djong.model.Fault.Invalid if the bytes are not those of diffId; nothing is left
  ///   behind. Whether they are a tar at all may be found out only by [Staged#add]
  Staged stage(InputStream layerTar, Digest diffId) throws IOException;

  /// Stages a layer whose digest nobody knows yet: [Staged#diffId] tells its sha256.
  Staged stage(InputStream layerTar) throws IOException;

  /// Stages a layer once more that is on some stack here, without reading it from anywhere.
  ///
  /// @return null if no stack has it, or if this driver cannot
  @Nullable Staged stageKnown(Digest diffId) throws IOException;

  /// Whether the exact bytes of layers are kept, for [#openTar]. If not, whoever wants them again
  /// must keep them himself.
  boolean keepsTars();

  /// The exact bytes of a layer that is on some stack; not verified. To be closed.
  ///
  /// @return null if no stack has it, or if this driver keeps none
  @Nullable InputStream openTar(Digest diffId) throws IOException;

  /// How many bytes [#openTar] gives; empty where it gives null.
  OptionalLong tarSize(Digest diffId) throws IOException;

  boolean contains(ChainId chain) throws IOException;

  /// Makes a tree to write in, with [Writes#DURABLE].
  default Snapshot.Active prepare(String key, @Nullable ChainId parent) throws IOException {
    return prepare(key, parent, Writes.DURABLE);
  }

  /// Makes a tree to write in. The key is a file name of the caller's choice.
  ///
  /// @throws io.djong.model.Fault.Conflict if the key is taken
  Snapshot.Active prepare(String key, @Nullable ChainId parent, Writes writes) throws IOException;

  /// Makes a tree to look at.
  Snapshot.View view(String key, ChainId parent) throws IOException;

  /// A prepared tree, ready to be mounted, also after a restart; null if there is none of that key.
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

  /// Bytes that this tree, or the top layer of this stack, takes on the disk. What several stacks
  /// share is counted for each.
  long diskUsage(Snapshot snapshot) throws IOException;

  /// Looks whether a layer is what it was when it was added; not at those below. Reads all of it.
  ///
  /// @return what is wrong; nothing if all is well
  List<Damage> check(ChainId layer) throws IOException;

  /// Looks at all layers, all other trees' records, and for what belongs to nothing. To be called
  /// when nobody adds or removes.
  List<Damage> checkAll() throws IOException;

  /// Mends a layer from what is kept of it. Idempotent. Trees that are mounted show the layer as it
  /// was until they are mounted again.
  ///
  /// @return false if that does not do, and its tar is needed: [#repair(ChainId, InputStream)]
  boolean repair(ChainId layer) throws IOException;

  /// Mends a layer from its tar, brought again.
  ///
  /// @param layerTar read to its end, not closed
  /// @throws io.djong.model.Fault.Invalid if the bytes are not the layer's
  /// @throws io.djong.model.Fault.NotFound if there is no such layer
  void repair(ChainId layer, InputStream layerTar) throws IOException;

  /// Frees it at once. Idempotent.
  ///
  /// @throws io.djong.model.Fault.Conflict if other snapshots stand on it
  void remove(Snapshot snapshot) throws IOException;

  /// Frees stacks, each of which stands on the next, as [#remove] would one after the other, but
  /// waits for the disk once. Ends before the first that something else stands on.
  ///
  /// @return those that are gone, the first of the given ones
  List<Snapshot.Committed> removeUnused(List<Snapshot.Committed> fromTop) throws IOException;

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

  /// A layer that was read and is on no stack yet. For one thread.
  interface Staged extends AutoCloseable {
    Digest diffId();

    /// Bytes of the tar.
    long size();

    /// Puts it on a stack; durable when it returns. Idempotent, also for several parents.
    ///
    /// @throws io.djong.model.Fault.Invalid if the bytes are not a tar, or reach outside the layer
    /// @throws io.djong.model.Fault.NotFound if the parent is not there
    Snapshot.Committed add(@Nullable ChainId parent) throws IOException;

    /// Drops what was staged; what was added stays.
    @Override
    void close() throws IOException;
  }

  /// What becomes of what is written to a tree when the machine stops.
  enum Writes {
    /// As with any file: what was synced stays.
    DURABLE,

    /// Nothing is synced, whoever asks; after the machine stopped, the tree is not there any more.
    VOLATILE
  }
}
