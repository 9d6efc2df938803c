package io.djong.layers.overlay;

import io.djong.layers.ChainId;
import io.djong.layers.Damage;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// How a single layer lies on the disk, and becomes a folder that overlayfs lays over others. Safe
/// for use by several threads, for different layers.
public interface LayerForm {
  /// The name of the snapshotter that keeps its layers so, as Docker shows it.
  String name();

  /// What `docker info` shows of it, by the words that it shows.
  SequencedMap<String, String> status();

  /// Options that an overlay of such layers is mounted with.
  List<String> overlayOptions();

  /// Whether a layer's own tar lies in its folder as [Shelf#TAR].
  boolean keepsTars();

  /// Takes over what an earlier object let stand of these layers, and lets go of all else. Called
  /// first, and last with the layers that somebody may have mounted.
  ///
  /// @param names of the layers' folders
  void retain(Set<String> names) throws IOException;

  /// Makes a layer in a folder. All in it is durable when this returns, but for the names in the
  /// folder itself.
  ///
  /// @param folder below the root; with the tar in it if this form keeps tars, else empty
  /// @param tar read to the end of its entries or further, not closed; what is left over is for the
  ///   caller to read
  /// @throws io.djong.model.Fault.Invalid if it is not a tar, or reaches outside the layer
  Made build(Root root, RawPath folder, InputStream tar, LayerStack below, ChainId chain)
      throws IOException;

  /// A layer that was made.
  ///
  /// @param size of its files, as Docker adds them up
  /// @param disk what all of it takes on the disk
  /// @param proof by which [#check] knows it again: one word
  record Made(long size, long disk, String proof) {}

  /// The folder that overlayfs can take. What this does is undone by [#release], or by a restart of
  /// the machine; then it is done again. Idempotent.
  ///
  /// @param name of the layer's folder
  Path open(String name, Path folder, Made made) throws IOException;

  /// Where [#open] puts that folder, without doing it.
  Path place(String name, Path folder);

  /// Lets go of what [#open] did, before the folder goes or another comes in its place. Idempotent.
  void release(String name) throws IOException;

  /// What is wrong with a layer; nothing if all is well. Reads all of it, but for the tar.
  ///
  /// @return the kinds and texts; the layer is for the caller to fill in
  List<Damage> check(Root root, RawPath folder, Made made) throws IOException;
}
