package io.djong.engine.image;

import io.djong.content.BlobStore;
import io.djong.content.Compression;
import io.djong.content.ImageCopy;
import io.djong.content.ImageNames;
import io.djong.content.Lease;
import io.djong.content.LocalImages;
import io.djong.content.PlatformChoice;
import io.djong.content.RecordStore;
import io.djong.content.archive.ImageArchive;
import io.djong.content.archive.ImageArchive.ArchivedImage;
import io.djong.engine.Events;
import io.djong.engine.Events.Event;
import io.djong.engine.Filters;
import io.djong.engine.ImageTools;
import io.djong.engine.Images;
import io.djong.engine.KeptLayers;
import io.djong.engine.Registries;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshotter;
import io.djong.linux.Mounts;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.ImageConfig.History;
import io.djong.model.Manifest;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.RunConfig;
import io.djong.registry.Credentials;
import io.djong.registry.client.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The images of this machine: documents and blobs in the content store, layers in the snapshotter,
/// ids and parents in records.
///
/// What arrives is held by its [Arrival], what is read by a hold on its layers, so removals and
/// sweeps go on meanwhile. Only the moments in which images become known, get names, or have
/// something put on them hold the door against a removal.
public final class StoredImages implements Images {
  private static final Repository ARCHIVED = new Repository("localhost", "archived");

  private final RecordStore records;
  private volatile @Nullable TrustedImages trust;
  private final LocalImages local;
  private final ImageNames names;
  private final BlobStore blobs;
  private final Events events;
  private final InstantSource clock;
  private final ImageUsers users;
  private final ImageIndex index;
  private final ImageLayers layers;
  private final PackedLayers packed;
  private final ImageRemoval removal;
  private final NewImages newImages;
  private final StoredImageTools tools;
  private final ReentrantReadWriteLock door = new ReentrantReadWriteLock();

  /// What images are kept in.
  ///
  /// @param packedLimit in bytes, what blobs of layers may take that can be made again
  /// @param mountedImages the folder in which images are mounted to be looked at
  /// @param trees the keys of all containers' trees
  public record Stores(
      RecordStore records,
      LocalImages local,
      ImageNames names,
      BlobStore blobs,
      Snapshotter snapshots,
      KeptLayers kept,
      long packedLimit,
      Mounts mounts,
      Path mountedImages,
      Supplier<Collection<String>> trees) {}

  public StoredImages(
      Stores stores, Events events, InstantSource clock, ImageUsers users, CommitSource commits)
      throws IOException {
    this.records = stores.records();
    this.local = stores.local();
    this.names = stores.names();
    this.blobs = stores.blobs();
    this.events = events;
    this.clock = clock;
    this.users = users;
    this.index = new ImageIndex(stores.records(), local, names, clock);
    this.layers = new ImageLayers(blobs, stores.snapshots(), stores.kept());
    this.packed = new PackedLayers(blobs, local, layers, stores.packedLimit());
    this.removal = new ImageRemoval(index, names, layers, local, users, this::tell);
    this.newImages = new NewImages(index, layers, stores.snapshots(), clock, commits);
    this.tools =
        new StoredImageTools(
            this,
            index,
            layers,
            local,
            new MountedImages(stores.snapshots(), stores.mounts(), stores.mountedImages()),
            new StoreProof.Parts(
                stores.records(),
                blobs,
                local,
                names,
                index,
                layers,
                stores.snapshots(),
                stores.trees()),
            clock);
  }

  /// djong's own verbs.
  public ImageTools tools() {
    return tools;
  }

  /// The ways of these images from registries and to them.
  public Registries registries(RegistryClient client) {
    tools.fetchFrom((from, blob) -> client.source(from.host(), Credentials.NONE).open(from, blob));
    TrustedImages trusted = new TrustedImages(records, index, client);
    trust = trusted;
    return new RemoteImages(
        new Pulling.Parts(local, names, index, layers, packed, trusted, this::hold, this::tell),
        client);
  }

  /// Admits an image, as somebody named it, to be run.
  ///
  /// @throws Fault.Denied if the trust policy does not
  public void admit(String ref) throws IOException {
    TrustedImages trusted = trust;
    if (trusted != null) {
      trusted.admitRun(ref);
    }
  }

  /// Keeps images from being removed as long as it is open. Closed by the thread that took it.
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  public Hold hold() {
    door.readLock().lock();
    return () -> door.readLock().unlock();
  }

  @Override
  public void sweep() throws IOException {
    door.writeLock().lock();
    try {
      removal.sweepBlobs();
      layers.sweep(index.all());
    } finally {
      door.writeLock().unlock();
    }
  }

  /// Frees a stack that a container stood on, as far as no image needs it.
  public void released(@Nullable ChainId stack) throws IOException {
    door.writeLock().lock();
    try {
      layers.free(stack, index.all());
    } finally {
      door.writeLock().unlock();
    }
  }

  /// An image's id, with those of all images that stand on its layers; nothing if there is no such
  /// image.
  public List<Digest> descendants(String ref) throws IOException {
    StoredImage base;
    try {
      base = index.find(ref);
    } catch (Fault.NotFound e) {
      return List.of();
    }
    List<Digest> diffIds = base.config().rootfs().diffIds();
    return index.all().stream()
        .filter(image -> startsWith(image.config().rootfs().diffIds(), diffIds))
        .map(StoredImage::id)
        .toList();
  }

  private static boolean startsWith(List<Digest> all, List<Digest> first) {
    return all.size() >= first.size() && all.subList(0, first.size()).equals(first);
  }

  /// In bytes, all layers of an image; 0 if it is not there any more.
  public long size(Digest id) throws IOException {
    StoredImage image = index.byId(id);
    return image == null ? 0 : layers.size(image);
  }

  @Override
  public List<ImageDetails> list(boolean all, Filters filters) throws IOException {
    ImageFilter filter = new ImageFilter(filters, index, clock.instant());
    List<ImageDetails> found = new ArrayList<>();
    for (StoredImage image : index.all()) {
      List<Reference> own = index.names(image.id());
      // Without names and with children it is but a step on the way to another image.
      boolean step = own.isEmpty() && hasChildren(image.id());
      if ((all || !step) && filter.fits(image, own)) {
        found.add(details(image, filter.shown(own)));
      }
    }
    found.sort(Comparator.comparing(ImageDetails::created).reversed());
    return List.copyOf(found);
  }

  private boolean hasChildren(Digest id) {
    return index.all().stream().anyMatch(image -> id.equals(image.record().parent()));
  }

  @Override
  public ImageDetails inspect(String ref) throws IOException {
    StoredImage image = index.find(ref);
    return details(image, index.names(image.id()));
  }

  private ImageDetails details(StoredImage image, List<Reference> own) throws IOException {
    List<String> tags = new ArrayList<>();
    List<String> pins = new ArrayList<>();
    for (Reference name : own) {
      switch (name) {
        case Reference.Tag tag -> tags.add(tag.familiar());
        case Reference.Pin pin -> pins.add(pin.familiar());
      }
    }
    String lastTagged = image.record().lastTagged();
    return new ImageDetails(
        image.id(),
        image.record().manifest(),
        List.copyOf(tags),
        List.copyOf(pins),
        image.record().parent(),
        image.config(),
        image.created(),
        layers.size(image),
        users.of(image.id()).size(),
        lastTagged == null ? null : Instant.parse(lastTagged),
        Map.of("Name", layers.driver()));
  }

  @Override
  public Map<Digest, Long> sharedSizes() throws IOException {
    return layers.sharedSizes(index.all());
  }

  @Override
  public long layersSize() throws IOException {
    return layers.total();
  }

  @Override
  public List<HistoryEntry> history(String ref) throws IOException {
    StoredImage image = index.find(ref);
    long[] sizes = layers.layerSizes(image);
    List<HistoryEntry> all = new ArrayList<>();
    int layer = 0;
    for (History entry : image.config().history()) {
      long size = entry.emptyLayer() || layer >= sizes.length ? 0 : sizes[layer++];
      all.add(entry(entry, size));
    }
    while (layer < sizes.length) {
      all.add(new HistoryEntry(null, Instant.EPOCH, "", List.of(), sizes[layer++], ""));
    }
    Collections.reverse(all);
    if (!all.isEmpty()) {
      HistoryEntry top = all.getFirst();
      List<String> tags =
          index.names(image.id()).stream()
              .filter(Reference.Tag.class::isInstance)
              .map(Reference::familiar)
              .toList();
      all.set(
          0,
          new HistoryEntry(
              image.id(), top.created(), top.createdBy(), tags, top.size(), top.comment()));
    }
    return List.copyOf(all);
  }

  private static HistoryEntry entry(History entry, long size) {
    String created = entry.created();
    return new HistoryEntry(
        null,
        created == null ? Instant.EPOCH : StoredImage.instant(created),
        entry.createdBy() == null ? "" : entry.createdBy(),
        List.of(),
        size,
        entry.comment() == null ? "" : entry.comment());
  }

  @Override
  public void tag(String ref, String repository, @Nullable String tag) throws IOException {
    Reference.Tag name = newName(repository, tag);
    try (Hold _ = hold()) {
      StoredImage image = index.find(ref);
      name(image, name);
    }
  }

  private void name(StoredImage image, Reference.Tag name) throws IOException {
    if (!image.descriptor().equals(names.get(name))) {
      names.put(name, image.descriptor());
    }
    index.tagged(image.id());
    tell("tag", image.id(), name.familiar(), image);
  }

  private static Reference.Tag newName(String repository, @Nullable String tag) {
    Reference parsed =
        Reference.parse(tag == null || tag.isEmpty() ? repository : repository + ":" + tag);
    return switch (parsed) {
      case Reference.Tag name -> name;
      case Reference.Pin _ ->
          throw new Fault.Invalid("refusing to create a tag with a digest reference");
    };
  }

  @Override
  public List<Removal> remove(String ref, boolean force, boolean noPrune) throws IOException {
    door.writeLock().lock();
    try {
      return removal.remove(ref, force, !noPrune);
    } finally {
      door.writeLock().unlock();
    }
  }

  @Override
  public Pruned prune(Filters filters) throws IOException {
    door.writeLock().lock();
    try {
      return removal.prune(filters, clock.instant());
    } finally {
      door.writeLock().unlock();
    }
  }

  @Override
  public void load(InputStream archive, Progress progress) throws IOException {
    try (Arrival arrival = new Arrival(local, layers, index)) {
      ImageArchive read =
          ImageArchive.read(
              archive, blobs, arrival.lease(), arrival.intake(), Compression.Limits.LAYER);
      List<ArchivedImage> all = read.images();
      if (all.isEmpty()) {
        throw new Fault.Invalid("the archive holds no images");
      }
      for (ArchivedImage archived : all) {
        load(read, archived, arrival, progress);
      }
    }
    // An archive may hold more than its images need.
    removal.sweepBlobs();
    packed.trim(index.all());
  }

  private void load(
      ImageArchive archive, ArchivedImage archived, Arrival arrival, Progress progress)
      throws IOException {
    Document<Manifest> manifest;
    try {
      manifest =
          new ImageCopy(ImageCopy.Words.LOAD, 1)
              .copy(
                  archive,
                  ARCHIVED,
                  archived.manifest(),
                  arrival.target(),
                  ARCHIVED,
                  PlatformChoice.only(Platform.current()),
                  progress);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while loading");
    }
    try (Hold _ = hold()) {
      StoredImage image = arrival.settle(manifest, progress);
      index.add(image);
      for (Reference name : archived.names()) {
        names.put(name, manifest.descriptor());
        index.tagged(image.id());
        progress.say("Loaded image: " + name.familiar());
      }
      if (archived.names().isEmpty()) {
        progress.say("Loaded image ID: " + image.id());
      }
      tell("load", image.id(), image.id().toString(), image);
    }
  }

  @Override
  public void save(List<String> refs, OutputStream archive) throws IOException {
    new ImageSaving(index, layers, local, names, this::released).save(refs, archive);
    for (String ref : refs) {
      StoredImage image = index.find(ref);
      tell("save", image.id(), ref, image);
    }
  }

  @Override
  public Digest importTree(
      InputStream tar,
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String message,
      List<String> changes,
      @Nullable String platform)
      throws IOException {
    Reference.Tag name =
        repository == null || repository.isEmpty() ? null : newName(repository, tag);
    try (Arrival arrival = new Arrival(local, layers, index)) {
      NewImages.Draft draft = newImages.importTree(tar, message, changes, platform, arrival);
      StoredImage image = finish(draft, name, arrival);
      tell("import", image.id(), name == null ? image.id().toString() : name.familiar(), image);
      return image.id();
    }
  }

  @Override
  public Digest commit(
      String containerRef,
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String comment,
      @Nullable String author,
      boolean pause,
      List<String> changes,
      @Nullable RunConfig config)
      throws IOException {
    Reference.Tag name =
        repository == null || repository.isEmpty() ? null : newName(repository, tag);
    try (Arrival arrival = new Arrival(local, layers, index)) {
      NewImages.Draft draft =
          newImages.commit(
              containerRef, new NewImages.Labels(comment, author), pause, changes, config, arrival);
      return finish(draft, name, arrival).id();
    }
  }

  @Override
  public Digest publish(ImageConfig config, List<Reference.Tag> tags) throws IOException {
    try (Hold _ = hold();
        Lease lease = local.lease()) {
      StoredImage image = newImages.publish(config, lease);
      if (!image.equals(index.byId(image.id()))) {
        index.add(image);
      }
      for (Reference.Tag name : tags) {
        name(image, name);
      }
      return image.id();
    }
  }

  /// Makes a draft an image with a name, if one is given.
  Digest finish(NewImages.Draft draft, @Nullable String name, Arrival arrival) throws IOException {
    Reference.Tag tag = name == null || name.isEmpty() ? null : newName(name, null);
    return finish(draft, tag, arrival).id();
  }

  private StoredImage finish(NewImages.Draft draft, Reference.@Nullable Tag name, Arrival arrival)
      throws IOException {
    try (Hold _ = hold()) {
      StoredImage image = newImages.finish(draft, arrival);
      index.add(image);
      draft.made().accept(image.id());
      if (name != null) {
        name(image, name);
      }
      return image;
    }
  }

  private void tell(String action, Digest id, String name, @Nullable StoredImage image) {
    Map<String, String> attributes = new java.util.HashMap<>();
    RunConfig run = image == null ? null : image.config().config();
    if (run != null) {
      attributes.putAll(run.labels());
    }
    attributes.put("name", name);
    events.publish(new Event("image", action, id.toString(), attributes, clock.instant()));
  }
}
