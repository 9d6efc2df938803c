package io.djong.engine.image;

import io.djong.content.BlobWriter;
import io.djong.content.Compression;
import io.djong.content.Lease;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.ImageConfig.History;
import io.djong.model.ImageConfig.RootFs;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Platform;
import io.djong.model.RunConfig;
import io.djong.model.container.ContainerConfig;
import io.djong.model.json.Json;
import io.djong.model.json.Manifests;
import io.djong.model.record.ImageRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes images of this machine's own: from a tree in a tar, and from what a container changed. A
/// layer is kept as the plain tar; it is packed when it is pushed.
final class NewImages {
  private final ImageIndex index;
  private final ImageLayers layers;
  private final Snapshotter snapshots;
  private final InstantSource clock;
  private final CommitSource commits;

  /// What people say of a commit.
  record Labels(@Nullable String comment, @Nullable String author) {}

  NewImages(
      ImageIndex index,
      ImageLayers layers,
      Snapshotter snapshots,
      InstantSource clock,
      CommitSource commits) {
    this.index = index;
    this.layers = layers;
    this.snapshots = snapshots;
    this.clock = clock;
    this.commits = commits;
  }

  /// An image whose layer is here and whose documents are not written yet.
  ///
  /// @param below the layers that it has from others, as manifests name them
  /// @param onto their stack; null if there are none
  /// @param layer its own layer, on top
  /// @param parent the image it was made from, if it is to be known as that one's child
  /// @param made hears which image it became
  record Draft(
      ImageConfig config,
      List<Descriptor> below,
      @Nullable ChainId onto,
      Layer layer,
      @Nullable Digest parent,
      Consumer<Digest> made) {}

  Draft importTree(
      InputStream tar,
      @Nullable String message,
      List<String> changes,
      @Nullable String platform,
      Arrival arrival)
      throws IOException {
    RunConfig run = ImageChanges.apply(RunConfig.EMPTY, changes);
    Platform wanted = platform(platform);
    Layer layer;
    try (InputStream plain = Compression.inflate(tar, Compression.Limits.LAYER)) {
      layer = arrival.make(plain::transferTo);
    }
    String now = clock.instant().toString();
    ImageConfig config =
        new ImageConfig(
            now,
            null,
            wanted.architecture(),
            wanted.variant(),
            wanted.os(),
            null,
            run,
            new RootFs("layers", List.of(layer.diffId())),
            List.of(
                new History(
                    now,
                    null,
                    null,
                    message == null || message.isEmpty() ? null : message,
                    false)));
    return new Draft(config, List.of(), null, layer, null, _ -> {});
  }

  private static Platform platform(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Platform.current();
    }
    String[] parts = text.split("/", -1);
    if (parts.length > 3 || parts[0].isEmpty()) {
      throw new Fault.Invalid("\"" + text + "\": unknown operating system or architecture");
    }
    return new Platform(
        parts.length > 1 ? parts[1] : Platform.current().architecture(),
        parts[0],
        null,
        parts.length > 2 ? parts[2] : null);
  }

  Draft commit(
      String containerRef,
      Labels labels,
      boolean pause,
      List<String> changes,
      @Nullable RunConfig override,
      Arrival arrival)
      throws IOException {
    Layer layer;
    StoredImage parent;
    RunConfig run;
    ContainerConfig container;
    CommitSource.Held source = commits.open(containerRef, pause);
    try (source) {
      StoredImage found = index.byId(source.image());
      if (found == null) {
        throw new Fault.NotFound(
            "the image "
                + source.image()
                + " that the container was made from is not there any more");
      }
      parent = found;
      container = source.config();
      run = ImageChanges.apply(CommitConfig.merge(container, override), changes);
      Snapshot.Active changed = source.changed();
      layer = arrival.make(out -> snapshots.diff(changed, out));
    }
    String now = clock.instant().toString();
    List<Digest> diffIds = new ArrayList<>(parent.config().rootfs().diffIds());
    diffIds.add(layer.diffId());
    List<History> history = new ArrayList<>(parent.config().history());
    history.add(
        new History(
            now,
            text(labels.author()),
            String.join(" ", CommitConfig.commandLine(container)),
            text(labels.comment()),
            false));
    ImageConfig config =
        new ImageConfig(
            now,
            text(labels.author()),
            parent.config().architecture(),
            parent.config().variant(),
            parent.config().os(),
            parent.config().osVersion(),
            run,
            new RootFs("layers", diffIds),
            history);
    return new Draft(
        config, parent.manifest().layers(), parent.top(), layer, parent.id(), source::committed);
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  /// Writes a blob.
  @FunctionalInterface
  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  private static Digest store(Lease lease, Writing writing) throws IOException {
    try (BlobWriter writer = lease.newWriter()) {
      boolean done = false;
      try {
        writing.to(writer);
        Digest digest = writer.commit(null);
        done = true;
        return digest;
      } finally {
        if (!done) {
          writer.discard();
        }
      }
    }
  }

  /// Makes an image of layers that are all here already.
  StoredImage publish(ImageConfig config, Lease lease) throws IOException {
    List<Descriptor> all = new ArrayList<>();
    for (Digest diffId : config.rootfs().diffIds()) {
      lease.keep(diffId);
      Layer plain = layers.plain(diffId);
      Descriptor layer = plain == null ? packed(diffId) : plain.descriptor();
      lease.keep(layer.digest());
      all.add(layer);
    }
    return write(config, all, null, lease);
  }

  /// A layer as some image brought it.
  private Descriptor packed(Digest diffId) throws IOException {
    for (StoredImage image : index.all()) {
      for (Layer layer : image.layers()) {
        if (layer.diffId().equals(diffId) && layers.hasBlob(layer.descriptor().digest())) {
          return asOci(layer.descriptor());
        }
      }
    }
    throw new Fault.NotFound("layer " + diffId + " is not here any more");
  }

  /// Makes it an image, durably, that is not known yet.
  StoredImage finish(Draft draft, Arrival arrival) throws IOException {
    arrival.add(draft.onto(), draft.layer());
    List<Descriptor> all = new ArrayList<>();
    draft.below().forEach(descriptor -> all.add(asOci(descriptor)));
    all.add(draft.layer().descriptor());
    return write(draft.config(), all, draft.parent(), arrival.lease());
  }

  private StoredImage write(
      ImageConfig config, List<Descriptor> all, @Nullable Digest parent, Lease lease)
      throws IOException {
    byte[] bytes = Json.lean().write(config);
    Digest id = Digest.of(bytes);
    Document<Manifest> manifest =
        Manifests.write(
            MediaType.OCI_MANIFEST,
            new Manifest.Image(
                Descriptor.of(MediaType.OCI_CONFIG, id, bytes.length), all, null, Map.of()));
    StoredImage known = index.byId(id);
    if (known != null && known.record().manifest().equals(manifest.digest())) {
      return known;
    }
    store(lease, new ByteArrayInputStream(bytes)::transferTo);
    store(lease, manifest.open()::transferTo);
    StoredImage read = index.read(manifest);
    ImageRecord record = read.record();
    return new StoredImage(
        new ImageRecord(
            record.id(),
            record.manifest(),
            record.mediaType(),
            record.manifestSize(),
            parent,
            record.lastTagged()),
        read.manifest(),
        read.config());
  }

  /// One manifest has layers of one family of media types.
  private static Descriptor asOci(Descriptor layer) {
    String type =
        switch (layer.mediaType()) {
          case MediaType.DOCKER_LAYER -> MediaType.OCI_LAYER;
          case MediaType.DOCKER_LAYER_GZIP -> MediaType.OCI_LAYER_GZIP;
          default -> layer.mediaType();
        };
    return new Descriptor(
        type, layer.digest(), layer.size(), layer.platform(), layer.annotations());
  }
}
