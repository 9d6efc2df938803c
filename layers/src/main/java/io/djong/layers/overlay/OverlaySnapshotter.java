package io.djong.layers.overlay;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.layers.ChainId;
import io.djong.layers.Damage;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.layers.overlay.Shelf.About;
import io.djong.linux.Mount;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lays layers over each other by overlayfs. How a single layer lies on the disk is its
/// [LayerForm]'s business.
///
/// One object owns its folder; two processes must not share it. Snapshots of a stack are mounted by
/// whoever uses them; only their mounts are told here.
public final class OverlaySnapshotter implements Snapshotter, AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Shelf shelf;
  private final LayerForm form;
  private final String boot;
  private final KnownSnapshots known;
  private final LayerIntake intake;
  private final StoreProof proof;

  /// Keeps layers as folders.
  public OverlaySnapshotter(Path folder) throws IOException {
    this(folder, new UnpackedLayers("asked for"));
  }

  /// Opens the folder, making it if it is missing, and removes what a crash left unfinished and the
  /// volatile trees of an earlier run of the machine.
  ///
  /// @param form of this object's own
  public OverlaySnapshotter(Path folder, LayerForm form) throws IOException {
    this.shelf = new Shelf(folder);
    this.form = form;
    this.boot = Files.readString(BOOT_ID).strip();
    Map<String, About> found = shelf.list(Shelf.LAYERS);
    form.retain(found.keySet());
    Map<ChainId, About> layers = new LinkedHashMap<>();
    found.forEach((name, about) -> layers.put(Shelf.chain(name), about));
    this.known = new KnownSnapshots(layers, currentTrees(), shelf.list(Shelf.VIEWS));
    this.intake = new LayerIntake(shelf, form, known);
    this.proof = new StoreProof(shelf, form, known, intake);
  }

  private Map<String, About> currentTrees() throws IOException {
    Map<String, About> current = new LinkedHashMap<>();
    for (Map.Entry<String, About> tree : shelf.list(Shelf.ACTIVE).entrySet()) {
      About about = tree.getValue();
      if (about.boot().isEmpty() || about.boot().equals(boot)) {
        current.put(tree.getKey(), about);
      } else {
        RawPath leaving = shelf.takeAway(Shelf.place(Shelf.ACTIVE, tree.getKey()));
        if (leaving != null) {
          shelf.root().removeTree(leaving);
        }
      }
    }
    return current;
  }

  @Override
  public String name() {
    return form.name();
  }

  @Override
  public SequencedMap<String, String> status() {
    return form.status();
  }

  @Override
  public Snapshot.Committed add(@Nullable ChainId parent, InputStream layerTar, Digest diffId)
      throws IOException {
    return intake.add(parent, layerTar, diffId);
  }

  @Override
  public Staged stage(InputStream layerTar, Digest diffId) throws IOException {
    return intake.stage(layerTar, diffId);
  }

  @Override
  public Staged stage(InputStream layerTar) throws IOException {
    return intake.stage(layerTar, null);
  }

  @Override
  public @Nullable Staged stageKnown(Digest diffId) throws IOException {
    return intake.stageKnown(diffId);
  }

  @Override
  public boolean keepsTars() {
    return form.keepsTars();
  }

  @Override
  public @Nullable InputStream openTar(Digest diffId) throws IOException {
    ChainId chain = form.keepsTars() ? known.withOnTop(diffId) : null;
    return chain == null ? null : shelf.root().read(Shelf.layer(chain).resolve(Shelf.TAR));
  }

  @Override
  public OptionalLong tarSize(Digest diffId) throws IOException {
    ChainId chain = form.keepsTars() ? known.withOnTop(diffId) : null;
    return chain == null
        ? OptionalLong.empty()
        : OptionalLong.of(shelf.root().lstat(Shelf.layer(chain).resolve(Shelf.TAR)).size());
  }

  @Override
  public boolean contains(ChainId chain) {
    return known.hasLayer(chain);
  }

  @Override
  public Snapshot.Active prepare(String key, @Nullable ChainId parent, Writes writes)
      throws IOException {
    RawPath place = Shelf.place(Shelf.ACTIVE, key);
    About about = About.tree(parent, writes == Writes.VOLATILE ? boot : "");
    List<Path> lower = new ArrayList<>();
    known.addActive(
        key,
        parent,
        () -> {
          lower.addAll(intake.trees(parent));
          RawPath begun = shelf.begin();
          boolean kept = false;
          try {
            RawPath upper = begun.resolve(Shelf.UPPER);
            shelf.root().mkdir(upper, 0755);
            copyRootAttributes(parent, upper);
            shelf.root().mkdir(begun.resolve(Shelf.WORK), 0700);
            shelf.finish(begun, place, about);
            kept = true;
          } finally {
            if (!kept) {
              shelf.root().removeTree(begun);
            }
          }
          return about;
        });
    return new Snapshot.Active(key, parent, activeMounts(key, about, lower));
  }

  /// The root folder of an overlay is its uppermost layer's, so it must look like the image's.
  private void copyRootAttributes(@Nullable ChainId parent, RawPath upper) throws IOException {
    Root root = shelf.root();
    if (parent == null) {
      root.chmod(upper, 0755);
      return;
    }
    try (LayerStack below = intake.below(parent)) {
      TarEntry image = below.rootEntry();
      root.chown(upper, image.uid(), image.gid());
      root.chmod(upper, image.permissions());
      root.setTimes(upper, image.modified(), image.modified());
    }
  }

  @Override
  public Snapshot.View view(String key, ChainId parent) throws IOException {
    RawPath place = Shelf.place(Shelf.VIEWS, key);
    About about = About.tree(parent, "");
    List<Path> lower = new ArrayList<>();
    known.addView(
        key,
        parent,
        () -> {
          // What cannot be mounted leaves no record.
          lower.addAll(intake.trees(parent));
          shelf.finish(shelf.begin(), place, about);
          return about;
        });
    return new Snapshot.View(key, parent, OverlayMounts.readOnly(lower, form.overlayOptions()));
  }

  @Override
  public Snapshot.@Nullable Active active(String key) throws IOException {
    About about = known.active(key);
    if (about == null) {
      return null;
    }
    if (!about.boot().isEmpty()) {
      // Overlayfs refuses to mount a volatile tree a second time, as it cannot know what we know:
      // the machine ran all the time.
      shelf.root().removeTree(Shelf.place(Shelf.ACTIVE, key).resolve("work/work/incompat"));
    }
    return new Snapshot.Active(key, about.parent(), activeMounts(key, about));
  }

  private List<Mount> activeMounts(String key, About about) throws IOException {
    return activeMounts(key, about, intake.trees(about.parent()));
  }

  private List<Mount> activeMounts(String key, About about, List<Path> lower) {
    RawPath place = Shelf.place(Shelf.ACTIVE, key);
    List<String> more = new ArrayList<>(form.overlayOptions());
    if (!about.boot().isEmpty()) {
      more.add("volatile");
    }
    return OverlayMounts.writable(
        lower, shelf.path(place.resolve(Shelf.UPPER)), shelf.path(place.resolve(Shelf.WORK)), more);
  }

  @Override
  public Digest diff(Snapshot.Active changed, OutputStream layerTar) throws IOException {
    DigestOutputStream hashed = new DigestOutputStream(layerTar, Digest.newHash(Digest.SHA256));
    OutputStream out = new BufferedOutputStream(hashed, BUFFER);
    try (Root upper = upper(changed);
        LayerStack below = intake.below(changed.parent())) {
      TarWriter archive = new TarWriter(out);
      new UpperFolder(upper, below).writeTo(archive);
      archive.close();
    }
    return Digest.ofHash(Digest.SHA256, hashed.getMessageDigest().digest());
  }

  @Override
  public List<Change> changes(Snapshot.Active changed) throws IOException {
    try (Root upper = upper(changed);
        LayerStack below = intake.below(changed.parent())) {
      return new UpperFolder(upper, below).changes();
    }
  }

  private Root upper(Snapshot.Active changed) throws IOException {
    if (known.active(changed.key()) == null) {
      throw new Fault.NotFound("no such snapshot: " + changed.key());
    }
    return shelf.root().openRoot(Shelf.place(Shelf.ACTIVE, changed.key()).resolve(Shelf.UPPER));
  }

  @Override
  public long usage(Snapshot snapshot) throws IOException {
    return switch (snapshot) {
      case Snapshot.Committed committed -> known.layer(committed.chain()).made().size();
      case Snapshot.Active changed -> size(changed).files();
      case Snapshot.View view -> 0;
    };
  }

  @Override
  public long diskUsage(Snapshot snapshot) throws IOException {
    return switch (snapshot) {
      case Snapshot.Committed committed -> known.layer(committed.chain()).made().disk();
      case Snapshot.Active changed -> size(changed).disk();
      case Snapshot.View view -> 0;
    };
  }

  private TreeSize size(Snapshot.Active changed) throws IOException {
    try (Root upper = upper(changed)) {
      return TreeSize.of(upper, RawPath.ROOT);
    }
  }

  @Override
  public List<Damage> check(ChainId layer) throws IOException {
    return proof.check(layer);
  }

  @Override
  public List<Damage> checkAll() throws IOException {
    return proof.checkAll();
  }

  @Override
  public boolean repair(ChainId layer) throws IOException {
    return proof.repair(layer);
  }

  @Override
  public void repair(ChainId layer, InputStream layerTar) throws IOException {
    proof.repair(layer, layerTar);
  }

  @Override
  public void remove(Snapshot snapshot) throws IOException {
    switch (snapshot) {
      case Snapshot.Committed(ChainId chain, ChainId _) -> {
        RawPath place = Shelf.layer(chain);
        clear(place, takeLayer(chain, () -> shelf.takeAway(place)));
      }
      case Snapshot.Active changed -> {
        RawPath place = Shelf.place(Shelf.ACTIVE, changed.key());
        clear(place, shelf.takeAway(place));
        // What could not be removed stays known, so that it can be asked for again.
        known.forgetActive(changed.key());
      }
      case Snapshot.View view -> {
        RawPath place = Shelf.place(Shelf.VIEWS, view.key());
        clear(place, known.removeView(view.key(), () -> shelf.takeAway(place)));
      }
    }
  }

  private @Nullable RawPath takeLayer(ChainId chain, KnownSnapshots.Taking taking)
      throws IOException {
    return known.removeLayer(
        chain,
        () -> {
          form.release(Shelf.layer(chain).name().toString());
          return taking.take();
        });
  }

  private void clear(RawPath place, @Nullable RawPath taken) throws IOException {
    if (taken != null) {
      shelf.clear(place, taken);
    }
  }

  @Override
  public List<Snapshot.Committed> removeUnused(List<Snapshot.Committed> fromTop)
      throws IOException {
    List<Snapshot.Committed> gone = new ArrayList<>();
    Map<RawPath, RawPath> taken = new LinkedHashMap<>();
    try {
      for (Snapshot.Committed stack : fromTop) {
        RawPath place = Shelf.layer(stack.chain());
        RawPath leaving = takeLayer(stack.chain(), () -> shelf.moveAway(place));
        gone.add(stack);
        if (leaving != null) {
          taken.put(place, leaving);
        }
      }
    } catch (Fault.Conflict e) {
      // Something else stands on it, and so on all below.
    }
    if (!taken.isEmpty()) {
      shelf.sync(Shelf.LAYERS);
    }
    Clearing.of(shelf, taken);
    return List.copyOf(gone);
  }

  @Override
  public Stream<Snapshot> list() throws IOException {
    List<Snapshot> all = new ArrayList<>();
    known
        .layers()
        .forEach((chain, about) -> all.add(new Snapshot.Committed(chain, about.parent())));
    // Whoever lists mounts nothing: a damaged layer must not be in the way.
    for (Map.Entry<String, About> tree : known.actives().entrySet()) {
      About about = tree.getValue();
      List<Mount> mounts = activeMounts(tree.getKey(), about, intake.places(about.parent()));
      all.add(new Snapshot.Active(tree.getKey(), about.parent(), mounts));
    }
    for (Map.Entry<String, About> tree : known.views().entrySet()) {
      ChainId parent = tree.getValue().parent();
      List<Path> lower = intake.places(parent);
      if (parent != null) {
        List<Mount> mounts =
            lower.isEmpty() ? List.of() : OverlayMounts.readOnly(lower, form.overlayOptions());
        all.add(new Snapshot.View(tree.getKey(), parent, mounts));
      }
    }
    return all.stream();
  }

  /// Lets go of the folder. Snapshots stay, and what they need to stay mounted.
  @Override
  public void close() throws IOException {
    try {
      Set<String> needed = new HashSet<>();
      for (About tree : known.trees()) {
        for (ChainId chain : known.stack(tree.parent())) {
          needed.add(Shelf.layer(chain).name().toString());
        }
      }
      form.retain(needed);
    } catch (Fault.NotFound e) {
      // A layer of a tree is missing: then who knows what is needed.
    } finally {
      shelf.close();
    }
  }
}
