package io.djong.engine.image;

import io.djong.content.BlobStore;
import io.djong.content.Compression;
import io.djong.content.ImageCopy;
import io.djong.content.ImageNames;
import io.djong.content.Lease;
import io.djong.content.LocalImages;
import io.djong.content.ReadAhead;
import io.djong.content.RecordStore;
import io.djong.content.VerifiedInput;
import io.djong.engine.ImageTools.Finding;
import io.djong.engine.ImageTools.Proof;
import io.djong.layers.ChainId;
import io.djong.layers.Damage;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.model.record.ImageRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads all that is kept of images and says what is not as it should be; mends what can be. For
/// one thread, once.
final class StoreProof {
  private final Parts parts;
  private final @Nullable Origin origin;
  private final boolean repair;
  private final List<Finding> findings = new ArrayList<>();

  /// Which image has a stack as that of its lowest layers, and with which layer on top.
  private final Map<ChainId, Stacked> stacks = new HashMap<>();

  private record Stacked(StoredImage image, Layer layer) {}

  /// What is looked at.
  ///
  /// @param trees the keys of the containers' trees
  record Parts(
      RecordStore records,
      BlobStore blobs,
      LocalImages local,
      ImageNames names,
      ImageIndex index,
      ImageLayers layers,
      Snapshotter snapshots,
      Supplier<Collection<String>> trees) {}

  /// Where images can be fetched again: registries.
  @FunctionalInterface
  interface Origin {
    InputStream open(Repository from, Descriptor blob) throws IOException;
  }

  /// @param origin null if there is none
  StoreProof(Parts parts, @Nullable Origin origin, boolean repair) {
    this.parts = parts;
    this.origin = origin;
    this.repair = repair;
  }

  Proof run() throws IOException {
    for (String problem : parts.records().check()) {
      found("records", "records.db", problem, false);
    }
    int images = checkImages();
    checkNames();
    checkTrees();
    for (Damage damage : parts.snapshots().checkAll()) {
      checked(damage);
    }
    long bytes = 0;
    int blobs = 0;
    for (Descriptor blob : parts.blobs().list().toList()) {
      blobs++;
      bytes += blob.size();
      checkBlob(blob);
    }
    checkLeftovers();
    int layers;
    try (var all = parts.snapshots().list()) {
      layers = (int) all.filter(Snapshot.Committed.class::isInstance).count();
    }
    return new Proof(images, layers, blobs, bytes, List.copyOf(findings));
  }

  private static String said(Fault fault) {
    String message = fault.getMessage();
    return message == null ? fault.toString() : message;
  }

  private void found(String kind, String subject, String problem, boolean repaired) {
    findings.add(new Finding(kind, subject, problem, repaired));
  }

  private int checkImages() throws IOException {
    Map<String, byte[]> all = parts.records().all(ImageIndex.KIND);
    for (byte[] kept : all.values()) {
      ImageRecord record = Json.lean().read(ImageRecord.class, kept);
      StoredImage image = parts.index().byId(record.id());
      if (image == null) {
        found(
            "image",
            record.id().toString(),
            "its manifest or config is damaged or missing",
            repair && mend(() -> restore(record)));
        continue;
      }
      try {
        parts.local().config(image.manifest());
        parts.local().manifest(image.descriptor());
      } catch (Fault.NotFound | Fault.Invalid e) {
        found("image", record.id().toString(), said(e), mendDocuments(image));
      }
      ChainId chain = null;
      for (Layer layer : image.layers()) {
        ChainId next = Layer.chain(chain, layer.diffId());
        stacks.putIfAbsent(next, new Stacked(image, layer));
        if (!parts.layers().contains(next)) {
          found(
              "layer",
              layer.diffId().toString(),
              "missing, and image " + record.id() + " needs it",
              repair && mend(() -> bring(next, image, layer)));
        }
        chain = next;
      }
    }
    return all.size();
  }

  private boolean mendDocuments(StoredImage image) {
    return repair && mend(() -> restore(image.record()));
  }

  /// Fetches the documents of an image again from the registry that it has a name of.
  private void restore(ImageRecord record) throws IOException {
    Descriptor manifest =
        Descriptor.of(record.mediaType(), record.manifest(), record.manifestSize());
    Repository from = null;
    for (ImageNames.Named named : parts.names().list()) {
      from = named.manifest().digest().equals(record.manifest()) ? named.name().repository() : from;
    }
    if (from == null) {
      throw new Fault.NotFound("image " + record.id() + " has no name to fetch it by");
    }
    fetchIfDamaged(from, manifest);
    if (parts.local().manifest(manifest).value() instanceof Manifest.Image image) {
      fetchIfDamaged(from, image.config());
    }
    parts.index().restore(record);
  }

  private void fetchIfDamaged(Repository from, Descriptor document) throws IOException {
    try {
      VerifiedInput.readAll(
          parts.local().open(from, document), document, ImageCopy.MAX_CONFIG_BYTES);
    } catch (Fault.NotFound | Fault.Invalid e) {
      if (origin == null) {
        throw e;
      }
      try (InputStream in = origin.open(from, document);
          Lease lease = parts.local().lease()) {
        parts.local().target(lease).put(from, document, in);
      }
    }
  }

  private void checkNames() throws IOException {
    Set<Digest> recorded = new HashSet<>();
    for (byte[] kept : parts.records().all(ImageIndex.KIND).values()) {
      recorded.add(Json.lean().read(ImageRecord.class, kept).manifest());
    }
    for (ImageNames.Named named : parts.names().list()) {
      // What is recorded and damaged is told of with its image, and needs its name to come again.
      if (!recorded.contains(named.manifest().digest())
          && parts.index().idOf(named.manifest()) == null) {
        found(
            "name",
            named.name().familiar(),
            "points at " + named.manifest().digest() + ", which is not here",
            repair && mend(() -> parts.names().delete(named.name())));
      }
    }
  }

  private void checkTrees() throws IOException {
    for (String key : parts.trees().get()) {
      if (parts.snapshots().active(key) == null) {
        found("container", key, "its file tree is missing", false);
      }
    }
  }

  private void checked(Damage damage) {
    ChainId chain = damage.layer();
    switch (damage.kind()) {
      case LEFTOVER -> found("leftover", "layers", damage.text(), false);
      case CONTENT, INDEX, RECORD -> {
        Stacked known = chain == null ? null : stacks.get(chain);
        String subject =
            known != null
                ? known.layer().diffId().toString()
                : chain == null ? "-" : chain.toString();
        boolean mended = repair && chain != null && mend(() -> mendLayer(chain, known));
        found("layer", subject, damage.text(), mended);
      }
    }
  }

  private void mendLayer(ChainId chain, @Nullable Stacked known) throws IOException {
    if (parts.snapshots().repair(chain)) {
      return;
    }
    if (known == null) {
      throw new Fault.NotFound("no image says where layer " + chain + " comes from");
    }
    try (InputStream tar = new ReadAhead(again(known.image(), known.layer()))) {
      parts.snapshots().repair(chain, tar);
    }
  }

  /// Puts a layer that is missing on the stack below it.
  private void bring(ChainId chain, StoredImage image, Layer layer) throws IOException {
    ChainId parent = null;
    for (ChainId next : image.chains()) {
      if (next.equals(chain)) {
        break;
      }
      parent = next;
    }
    try (InputStream tar = new ReadAhead(again(image, layer))) {
      parts.snapshots().add(parent, tar, layer.diffId());
    }
  }

  /// The bytes of a layer from its blob, or from where the image came from.
  private InputStream again(StoredImage image, Layer layer) throws IOException {
    Descriptor blob = layer.descriptor();
    InputStream packed =
        parts.blobs().size(blob.digest()).isPresent()
            ? parts.blobs().open(blob.digest())
            : open(image, blob);
    return Compression.inflate(new VerifiedInput(packed, blob), Compression.Limits.LAYER);
  }

  private InputStream open(StoredImage image, Descriptor blob) throws IOException {
    if (origin != null) {
      for (Reference name : parts.index().names(image.id())) {
        try {
          return origin.open(name.repository(), blob);
        } catch (IOException | Fault e) {
          // Another name may be of a registry that has it.
        }
      }
    }
    throw new Fault.NotFound(blob.digest() + " is not here, and no registry has it");
  }

  private void fetch(StoredImage image, Descriptor document) throws IOException {
    try (InputStream in = open(image, document);
        var lease = parts.local().lease()) {
      parts
          .local()
          .target(lease)
          .put(parts.index().names(image.id()).getFirst().repository(), document, in);
    }
  }

  private void checkBlob(Descriptor blob) throws IOException {
    try (InputStream in = new VerifiedInput(parts.blobs().open(blob.digest()), blob)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (Fault.Invalid e) {
      found("blob", blob.digest().toString(), said(e), repair && mend(() -> mendBlob(blob)));
    } catch (Fault.NotFound e) {
      return; // Freed since.
    }
  }

  private void mendBlob(Descriptor damaged) throws IOException {
    for (Stacked one : stacks.values()) {
      if (one.layer().descriptor().digest().equals(damaged.digest())) {
        if (parts.layers().isSpare(one.layer())) {
          parts.blobs().delete(damaged.digest());
        } else {
          fetch(one.image(), one.layer().descriptor());
        }
        return;
      }
    }
    Set<Digest> needed = new HashSet<>();
    parts.index().all().forEach(image -> needed.add(image.record().manifest()));
    parts.index().all().forEach(image -> needed.add(image.manifest().config().digest()));
    if (needed.contains(damaged.digest())) {
      throw new Fault.NotFound("it is told of with its image");
    }
    parts.blobs().delete(damaged.digest());
  }

  private void checkLeftovers() throws IOException {
    List<Digest> roots = new ArrayList<>(parts.layers().keptBlobs());
    parts.index().all().forEach(image -> roots.add(image.record().manifest()));
    for (Descriptor blob : parts.local().unneeded(roots)) {
      found(
          "leftover",
          blob.digest().toString(),
          "a blob of " + blob.size() + " bytes that nothing needs",
          repair && mend(() -> parts.local().evict(blob.digest())));
    }
    Set<ChainId> needed = parts.layers().needed(parts.index().all());
    List<Snapshot> all;
    try (var list = parts.snapshots().list()) {
      all = list.toList();
    }
    Set<ChainId> parents = new HashSet<>();
    for (Snapshot snapshot : all) {
      switch (snapshot) {
        case Snapshot.Committed stack -> add(parents, stack.parent());
        case Snapshot.Active active -> add(parents, active.parent());
        case Snapshot.View view -> parents.add(view.parent());
      }
    }
    Set<String> trees = Set.copyOf(parts.trees().get());
    for (Snapshot snapshot : all) {
      switch (snapshot) {
        case Snapshot.Committed stack
            when !needed.contains(stack.chain()) && !parents.contains(stack.chain()) ->
            found(
                "leftover",
                stack.chain().toString(),
                "a layer that nothing needs",
                repair && mend(() -> parts.snapshots().remove(stack)));
        case Snapshot.Active active
            when !trees.contains(active.key()) && active.key().length() == 64 ->
            found(
                "leftover",
                active.key(),
                "the file tree of a container that is not there",
                repair && mend(() -> parts.snapshots().remove(active)));
        case Snapshot.Committed _, Snapshot.Active _, Snapshot.View _ -> {}
      }
    }
  }

  private static void add(Set<ChainId> parents, @Nullable ChainId parent) {
    if (parent != null) {
      parents.add(parent);
    }
  }

  private interface Mending {
    void run() throws IOException;
  }

  private static boolean mend(Mending mending) {
    try {
      mending.run();
      return true;
    } catch (IOException | Fault e) {
      System.getLogger(StoreProof.class.getName())
          .log(System.Logger.Level.WARNING, "repair failed: " + e.getMessage(), e);
      return false;
    }
  }
}
