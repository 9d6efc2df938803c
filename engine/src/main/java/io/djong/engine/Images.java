package io.djong.engine;

import io.djong.model.Digest;
import io.djong.model.ImageConfig;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.RunConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The images of this engine. Wherever an image is named, `ref` is a reference, the image's id (its
/// config's digest, with or without `sha256:`), or a prefix of that which no other has.
///
/// What a call did is durable when it returns. Safe for use by several threads. Every method that
/// takes a `ref` throws [io.djong.model.Fault.NotFound] (`No such image: ref`) if there is none.
public interface Images {
  List<ImageDetails> list(boolean all, Filters filters) throws IOException;

  ImageDetails inspect(String ref) throws IOException;

  /// Of each image, the bytes of its layers that another image has too (intermediate images count),
  /// by its id.
  Map<Digest, Long> sharedSizes() throws IOException;

  /// Bytes of all layers that are here, each once.
  long layersSize() throws IOException;

  /// The newest entry first.
  List<HistoryEntry> history(String ref) throws IOException;

  /// @throws io.djong.model.Fault.Invalid if the new name is not a reference, or pins a digest
  void tag(String ref, String repository, @Nullable String tag) throws IOException;

  /// Takes a name off an image, and the image with its last name.
  ///
  /// @throws io.djong.model.Fault.Conflict if containers use it, or several names do and an id was
  ///   given, and force is not given
  List<Removal> remove(String ref, boolean force, boolean noPrune) throws IOException;

  Pruned prune(Filters filters) throws IOException;

  /// Reads images from Docker's archive or an OCI layout in a tar, plain or compressed.
  ///
  /// @throws io.djong.model.Fault.Invalid if the archive is not what it must be; nothing is left
  ///   behind
  void load(InputStream archive, Progress progress) throws IOException;

  /// Writes images as one tar that is Docker's archive and an OCI layout at once, shared layers
  /// once.
  void save(List<String> refs, OutputStream archive) throws IOException;

  /// Makes an image of one layer from a tar of a file tree.
  ///
  /// @param changes Dockerfile instructions (CMD, ENV, …) applied to its config
  /// @return its id
  Digest importTree(
      InputStream tar,
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String message,
      List<String> changes,
      @Nullable String platform)
      throws IOException;

  /// Makes an image from a container's writable layer.
  ///
  /// @param pause whether its processes stand still meanwhile
  /// @return its id
  Digest commit(
      String containerRef,
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String comment,
      @Nullable String author,
      boolean pause,
      List<String> changes,
      @Nullable RunConfig config)
      throws IOException;

  /// Makes an image of layers that are all here, and gives it these names. Idempotent: the same
  /// config is the same image.
  ///
  /// @return its id
  /// @throws io.djong.model.Fault.NotFound if a layer is not here
  Digest publish(ImageConfig config, List<Reference.Tag> names) throws IOException;

  /// Frees blobs and layers that nothing needs any more. Waits for those who bring images.
  void sweep() throws IOException;

  /// @param repoTags familiar names; `repoDigests` name@digest
  /// @param parent the image it was committed from, if known
  /// @param size bytes of all layers, unpacked
  /// @param containers how many containers use it
  record ImageDetails(
      Digest id,
      Digest manifest,
      List<String> repoTags,
      List<String> repoDigests,
      @Nullable Digest parent,
      ImageConfig config,
      Instant created,
      long size,
      int containers,
      @Nullable Instant lastTagged,
      Map<String, String> graphDriver) {}

  record HistoryEntry(
      @Nullable Digest id,
      Instant created,
      String createdBy,
      List<String> tags,
      long size,
      String comment) {}

  /// One of the two is set.
  record Removal(@Nullable String untagged, @Nullable String deleted) {}

  record Pruned(List<Removal> removed, long spaceReclaimed) {}
}
