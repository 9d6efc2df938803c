package io.djong.engine.image;

import io.djong.content.LocalImages;
import io.djong.engine.ImageTools;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.ImageConfig.History;
import io.djong.model.ImageConfig.RootFs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// djong's own verbs over the images of this machine.
final class StoredImageTools implements ImageTools {
  private final StoredImages images;
  private final ImageIndex index;
  private final ImageLayers layers;
  private final LocalImages local;
  private final MountedImages mounted;
  private final StoreProof.Parts proof;
  private final InstantSource clock;
  private volatile StoreProof.@Nullable Origin origin;

  StoredImageTools(
      StoredImages images,
      ImageIndex index,
      ImageLayers layers,
      LocalImages local,
      MountedImages mounted,
      StoreProof.Parts proof,
      InstantSource clock) {
    this.images = images;
    this.index = index;
    this.layers = layers;
    this.local = local;
    this.mounted = mounted;
    this.proof = proof;
    this.clock = clock;
  }

  /// Says where damaged images can be fetched again.
  void fetchFrom(StoreProof.Origin registries) {
    origin = registries;
  }

  @Override
  public Exploration explore(String ref) throws IOException {
    StoredImage image = index.find(ref);
    try (ImageLayers.Hold _ = layers.hold(image)) {
      return new ImageExplorer(image, layers).explore();
    } finally {
      images.released(image.top());
    }
  }

  @Override
  public Digest squash(String ref, @Nullable String base, @Nullable String name)
      throws IOException {
    StoredImage image = index.find(ref);
    int kept = base == null ? largestBase(image) : layersOf(base, image);
    List<Layer> all = image.layers();
    if (all.size() - kept < 2) {
      throw new Fault.Invalid(
          "nothing to squash: "
              + ref
              + " has "
              + (all.size() - kept)
              + " layers above its base, want at least 2");
    }
    try (ImageLayers.Hold _ = layers.hold(image);
        Arrival arrival = new Arrival(local, layers, index)) {
      SquashedLayer squashed = new SquashedLayer(all.subList(kept, all.size()), layers);
      Layer layer = arrival.make(squashed::writeTo);
      return images.finish(draft(image, kept, layer), name, arrival);
    } finally {
      images.released(image.top());
    }
  }

  private NewImages.Draft draft(StoredImage image, int kept, Layer layer) {
    ImageConfig config = image.config();
    List<Digest> diffIds = new ArrayList<>(config.rootfs().diffIds().subList(0, kept));
    diffIds.add(layer.diffId());
    String now = clock.instant().toString();
    List<History> history = new ArrayList<>(historyOf(config, kept));
    history.add(
        new History(
            now,
            null,
            "djong image squash",
            "merges " + (config.rootfs().diffIds().size() - kept) + " layers of " + image.id(),
            false));
    return new NewImages.Draft(
        new ImageConfig(
            now,
            config.author(),
            config.architecture(),
            config.variant(),
            config.os(),
            config.osVersion(),
            config.config(),
            new RootFs("layers", diffIds),
            history),
        image.manifest().layers().subList(0, kept),
        kept == 0 ? null : image.chains().get(kept - 1),
        layer,
        null,
        _ -> {});
  }

  /// What made the lowest layers, with the steps between that made none.
  private static List<History> historyOf(ImageConfig config, int kept) {
    List<History> all = new ArrayList<>();
    int seen = 0;
    for (History entry : config.history()) {
      seen += entry.emptyLayer() ? 0 : 1;
      if (seen > kept) {
        break;
      }
      all.add(entry);
    }
    return all;
  }

  private int layersOf(String base, StoredImage image) throws IOException {
    if (base.equals("scratch")) {
      return 0;
    }
    List<Digest> below = index.find(base).config().rootfs().diffIds();
    if (!startsWith(image, below)) {
      throw new Fault.Invalid("image " + image.id() + " was not made from " + base);
    }
    return below.size();
  }

  private int largestBase(StoredImage image) throws IOException {
    int largest = Math.min(1, image.layers().size());
    for (StoredImage other : index.all()) {
      List<Digest> below = other.config().rootfs().diffIds();
      if (below.size() < image.layers().size() - 1
          && below.size() > largest
          && !index.names(other.id()).isEmpty()
          && startsWith(image, below)) {
        largest = below.size();
      }
    }
    return largest;
  }

  private static boolean startsWith(StoredImage image, List<Digest> below) {
    List<Digest> all = image.config().rootfs().diffIds();
    return all.size() >= below.size() && all.subList(0, below.size()).equals(below);
  }

  @Override
  public Path mount(String ref) throws IOException {
    try (StoredImages.Hold _ = images.hold()) {
      return mounted.mount(index.find(ref));
    }
  }

  @Override
  public void unmount(String ref) throws IOException {
    StoredImage image = index.find(ref);
    mounted.unmount(image);
    images.released(image.top());
  }

  @Override
  public Proof check(boolean repair) throws IOException {
    return new StoreProof(proof, origin, repair).run();
  }
}
