package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a copy has to bring over: layers, in any order, and small documents, each after those it
/// names. The documents are read and checked here; a layer that is named twice comes once.
final class CopyPlan {
  private static final int MAX_DEPTH = 4;
  private static final int MAX_DOCUMENTS = 1000;
  private static final int MAX_LAYERS = 10_000;

  @SuppressWarnings("ArrayRecordComponent") // Never compared; changed by nobody.
  record Small(Descriptor descriptor, byte[] bytes) {}

  private final ImageSource source;
  private final Repository from;
  private final Map<Digest, Descriptor> layers = new LinkedHashMap<>();
  private final Map<Digest, Small> smalls = new LinkedHashMap<>();
  private final List<Expected> images = new ArrayList<>();

  /// An image, and what its config says its layers are.
  record Expected(Manifest.Image image, List<Digest> diffIds) {}

  private CopyPlan(ImageSource source, Repository from) {
    this.source = source;
    this.from = from;
  }

  static CopyPlan of(ImageSource source, Repository from, Document<Manifest> top)
      throws IOException {
    CopyPlan plan = new CopyPlan(source, from);
    plan.add(top, 0);
    return plan;
  }

  /// Reads a manifest or index that another one names.
  static Document<Manifest> read(ImageSource source, Repository from, Descriptor manifest)
      throws IOException {
    byte[] bytes =
        VerifiedInput.readAll(source.open(from, manifest), manifest, Manifests.MAX_BYTES);
    return Manifests.read(manifest.mediaType(), bytes);
  }

  static void checkDepth(int depth) {
    if (depth == MAX_DEPTH) {
      throw new Fault.Invalid("image indexes are nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  List<Expected> images() {
    return List.copyOf(images);
  }

  List<Descriptor> layers() {
    return List.copyOf(layers.values());
  }

  List<Small> smalls() {
    return List.copyOf(smalls.values());
  }

  private void add(Document<Manifest> document, int depth) throws IOException {
    switch (document.value()) {
      case Manifest.Image image -> addImage(image);
      case Manifest.Index index -> {
        checkDepth(depth);
        for (Descriptor child : index.manifests()) {
          if (!smalls.containsKey(child.digest())) {
            add(read(source, from, child), depth + 1);
          }
        }
      }
    }
    addSmall(new Small(document.descriptor(), document.bytes()));
  }

  private void addImage(Manifest.Image image) throws IOException {
    Descriptor config = image.config();
    Small known = smalls.get(config.digest());
    Small small =
        known != null
            ? known
            : new Small(
                config,
                VerifiedInput.readAll(
                    source.open(from, config), config, ImageCopy.MAX_CONFIG_BYTES));
    checkConfig(image, small.bytes());
    addSmall(small);
    for (Descriptor layer : image.layers()) {
      layers.putIfAbsent(layer.digest(), layer);
    }
    if (layers.size() > MAX_LAYERS) {
      throw new Fault.Invalid("the image has more than " + MAX_LAYERS + " layers");
    }
  }

  private void addSmall(Small small) {
    smalls.putIfAbsent(small.descriptor().digest(), small);
    if (smalls.size() > MAX_DOCUMENTS) {
      throw new Fault.Invalid("the image index names more than " + MAX_DOCUMENTS + " documents");
    }
  }

  /// Other artifacts than images have manifests too; of their configs nothing is known.
  private void checkConfig(Manifest.Image image, byte[] bytes) {
    String type = image.config().mediaType();
    if (!type.equals(MediaType.OCI_CONFIG) && !type.equals(MediaType.DOCKER_CONFIG)) {
      return;
    }
    List<Digest> diffIds = Json.lean().read(ImageConfig.class, bytes).rootfs().diffIds();
    if (diffIds.size() != image.layers().size()) {
      throw new Fault.Invalid(
          "image "
              + image.config().digest()
              + " contradicts itself: its config has "
              + diffIds.size()
              + " layers, its manifest "
              + image.layers().size());
    }
    images.add(new Expected(image, diffIds));
  }
}
