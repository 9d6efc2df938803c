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

  StoredImage importTree(
      InputStream tar,
      @Nullable String message,
      List<String> changes,
      @Nullable String platform,
      Lease lease)
      throws IOException {
    RunConfig run = ImageChanges.apply(RunConfig.EMPTY, changes);
    Platform wanted = platform(platform);
    Digest layer;
    try (InputStream plain = Compression.inflate(tar, Compression.Limits.LAYER)) {
      layer = store(lease, plain::transferTo);
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
            new RootFs("layers", List.of(layer)),
            List.of(
                new History(
                    now,
                    null,
                    null,
                    message == null || message.isEmpty() ? null : message,
                    false)));
    return finish(config, List.of(), layer, null, lease);
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

  StoredImage commit(
      String containerRef,
      Labels labels,
      boolean pause,
      List<String> changes,
      @Nullable RunConfig override,
      Lease lease)
      throws IOException {
    Digest layer;
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
      layer = store(lease, out -> snapshots.diff(changed, out));
    }
    String now = clock.instant().toString();
    List<Digest> diffIds = new ArrayList<>(parent.config().rootfs().diffIds());
    diffIds.add(layer);
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
    StoredImage made = finish(config, parent.manifest().layers(), layer, parent, lease);
    source.committed(made.id());
    return made;
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
      Descriptor layer =
          layers.hasBlob(diffId)
              ? Descriptor.of(MediaType.OCI_LAYER, diffId, layers.blobSize(diffId))
              : packed(diffId);
      lease.keep(layer.digest());
      all.add(layer);
    }
    return write(config, all, null, lease);
  }

  /// A layer as some image brought it.
  private Descriptor packed(Digest diffId) throws IOException {
    for (StoredImage image : index.all()) {
      int at = image.config().rootfs().diffIds().indexOf(diffId);
      if (at >= 0 && at < image.manifest().layers().size()) {
        Descriptor layer = image.manifest().layers().get(at);
        if (layers.hasBlob(layer.digest())) {
          return asOci(layer);
        }
      }
    }
    throw new Fault.NotFound("layer " + diffId + " is not here any more");
  }

  private StoredImage finish(
      ImageConfig config,
      List<Descriptor> below,
      Digest layer,
      @Nullable StoredImage parent,
      Lease lease)
      throws IOException {
    addLayer(config.rootfs().diffIds(), layer);
    List<Descriptor> all = new ArrayList<>();
    below.forEach(descriptor -> all.add(asOci(descriptor)));
    all.add(Descriptor.of(MediaType.OCI_LAYER, layer, layers.blobSize(layer)));
    return write(config, all, parent, lease);
  }

  private StoredImage write(
      ImageConfig config, List<Descriptor> all, @Nullable StoredImage parent, Lease lease)
      throws IOException {
    byte[] bytes = Json.lean().write(config);
    Digest id = store(lease, new ByteArrayInputStream(bytes)::transferTo);
    Document<Manifest> manifest =
        Manifests.write(
            MediaType.OCI_MANIFEST,
            new Manifest.Image(
                Descriptor.of(MediaType.OCI_CONFIG, id, bytes.length), all, null, Map.of()));
    store(lease, manifest.open()::transferTo);
    StoredImage read = index.read(manifest);
    ImageRecord record = read.record();
    return new StoredImage(
        new ImageRecord(
            record.id(),
            record.manifest(),
            record.mediaType(),
            record.manifestSize(),
            parent == null ? null : parent.id(),
            record.lastTagged()),
        read.manifest(),
        read.config());
  }

  private void addLayer(List<Digest> diffIds, Digest layer) throws IOException {
    List<Digest> below = diffIds.subList(0, diffIds.size() - 1);
    try (InputStream tar = layers.open(layer)) {
      snapshots.add(below.isEmpty() ? null : ChainId.of(below), tar, layer);
    }
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
