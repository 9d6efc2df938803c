package io.djong.engine;

import io.djong.model.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What djong does with images beyond Docker. References are read as [Images] reads them. Safe for
/// use by several threads.
public interface ImageTools {
  /// Looks into the layers of an image; reads all of them.
  Exploration explore(String ref) throws IOException;

  /// Makes an image of the same tree in which all layers above a base are one.
  ///
  /// @param base an image that this one was made from, whose layers stay as they are; `scratch`
  ///   keeps none; null takes the largest one that is here, or else the lowest layer
  /// @param name what the new image is called; null leaves it without a name
  /// @return its id
  /// @throws io.djong.model.Fault.Invalid if the image was not made from that base, or there are
  ///   fewer than two layers above it
  Digest squash(String ref, @Nullable String base, @Nullable String name) throws IOException;

  /// Mounts the tree of an image, read-only. Idempotent. The mount outlives this process; as long
  /// as it is there, the layers stay.
  ///
  /// @return where
  Path mount(String ref) throws IOException;

  /// Takes that mount away.
  ///
  /// @throws io.djong.model.Fault.Conflict if it is not mounted
  void unmount(String ref) throws IOException;

  /// Reads everything that is kept of images and looks whether it is what it was. Best when nothing
  /// is being brought or made: what is half done then looks like something left over.
  ///
  /// @param repair whether what can be mended is, each layer by itself, and what is left over goes
  Proof check(boolean repair) throws IOException;

  /// What is in an image. Sizes are bytes of files.
  ///
  /// @param layers from the base upwards
  /// @param wasted bytes that lie in a layer and are replaced or removed by a higher one
  /// @param wastes the largest of those files
  /// @param largest the largest files of the tree
  record Exploration(
      Digest id,
      List<ExploredLayer> layers,
      long size,
      long wasted,
      List<FoundFile> wastes,
      List<FoundFile> largest) {}

  /// @param createdBy the instruction, as the image's history says it
  /// @param files how many there are in it
  /// @param wasted how many of its bytes higher layers hide
  record ExploredLayer(
      Digest diffId,
      String createdBy,
      long size,
      int files,
      int added,
      int changed,
      int removed,
      long wasted) {}

  /// @param layer in which it lies, counted from 0 for the base
  /// @param goneIn the layer that replaces or removes it; -1 if none does
  record FoundFile(String path, long size, int layer, int goneIn) {}

  /// What a check found.
  record Proof(int images, int layers, int blobs, long bytes, List<Finding> findings) {
    /// Whether all is well, or was mended.
    public boolean isSound() {
      return findings.stream().allMatch(Finding::repaired);
    }
  }

  /// Something that is not as it should be.
  ///
  /// @param kind `image`, `name`, `layer`, `blob`, `container`, `records` or `leftover`
  /// @param subject which
  record Finding(String kind, String subject, String problem, boolean repaired) {}
}
