package io.djong.engine.image;

import io.djong.content.ImageCopy;
import io.djong.content.ImageNames;
import io.djong.content.ImageNames.Named;
import io.djong.content.ImageSource;
import io.djong.content.Lease;
import io.djong.content.LocalImages;
import io.djong.content.PlatformChoice;
import io.djong.content.archive.ArchiveTarget;
import io.djong.layers.ChainId;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes images into an archive, with plain layers, as Docker does: an image is its config and its
/// layers, and how they were packed on the way here is not part of it. So the same images give the
/// same archive, whatever became of the blobs they came in. Names decide what is in it, as Docker
/// reads them: a name alone means all tags of that repository, an id an image without a name.
final class ImageSaving {
  private static final Repository ARCHIVED = new Repository("localhost", "archived");

  private final ImageIndex index;
  private final ImageLayers layers;
  private final LocalImages local;
  private final ImageNames names;
  private final Release release;

  /// Hears that layers are read no more.
  @FunctionalInterface
  interface Release {
    void released(@Nullable ChainId stack) throws IOException;
  }

  ImageSaving(
      ImageIndex index, ImageLayers layers, LocalImages local, ImageNames names, Release release) {
    this.release = release;
    this.index = index;
    this.layers = layers;
    this.local = local;
    this.names = names;
  }

  /// What is saved stays until it is, whatever is removed meanwhile.
  ///
  /// @throws Fault.NotFound if one of them is not there; nothing is written then
  void save(List<String> refs, OutputStream archive) throws IOException {
    List<Choice> choices = new ArrayList<>();
    for (String ref : refs) {
      choose(ref, choices);
    }
    List<ImageLayers.Hold> holds = new ArrayList<>();
    try (Lease lease = local.lease()) {
      for (Choice choice : choices) {
        holds.add(layers.hold(choice.image()));
        lease.keep(choice.image().record().manifest());
        choice.image().manifest().children().forEach(child -> lease.keep(child.digest()));
      }
      write(choices, archive);
    } finally {
      holds.forEach(ImageLayers.Hold::close);
      for (Choice choice : choices) {
        release.released(choice.image().top());
      }
    }
  }

  private void write(List<Choice> choices, OutputStream archive) throws IOException {
    ArchiveTarget target = new ArchiveTarget(archive);
    Plain source = new Plain();
    for (Choice choice : choices) {
      Document<Manifest> manifest = source.manifest(choice.image());
      copy(source, manifest, target);
      if (choice.name() == null) {
        target.publishUnnamed(manifest);
      } else {
        target.publish(choice.name(), manifest);
      }
    }
    target.finish();
  }

  private record Choice(@Nullable Reference name, StoredImage image) {}

  private void choose(String ref, List<Choice> choices) throws IOException {
    StoredImage byName = index.byName(ref);
    if (isBare(ref)) {
      Repository repository = Reference.parse(ref).repository();
      boolean any = false;
      for (Named named : names.list()) {
        Digest id =
            named.name().repository().equals(repository) && named.name() instanceof Reference.Tag
                ? index.idOf(named.manifest())
                : null;
        StoredImage image = id == null ? null : index.byId(id);
        if (image != null) {
          choices.add(new Choice(named.name(), image));
          any = true;
        }
      }
      if (any) {
        return;
      }
    }
    choices.add(
        byName == null
            ? new Choice(null, index.find(ref))
            : new Choice(Reference.parse(ref), byName));
  }

  /// Whether a text names a repository and nothing in it.
  private static boolean isBare(String ref) {
    try {
      Reference reference = Reference.parse(ref);
      return reference instanceof Reference.Tag tag
          && tag.tag().equals(Reference.DEFAULT_TAG)
          && !ref.endsWith(":" + Reference.DEFAULT_TAG);
    } catch (Fault.Invalid e) {
      return false;
    }
  }

  private static void copy(Plain source, Document<Manifest> manifest, ArchiveTarget target)
      throws IOException {
    try {
      new ImageCopy(ImageCopy.Words.PUSH, 1)
          .copy(source, ARCHIVED, manifest, target, ARCHIVED, PlatformChoice.ALL, Progress.NONE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while saving");
    }
  }

  /// The images of this machine with their layers plain.
  private final class Plain implements ImageSource {
    private final Map<Digest, Layer> tars = new HashMap<>();

    Document<Manifest> manifest(StoredImage image) throws IOException {
      List<Descriptor> plain = new ArrayList<>();
      for (Layer layer : image.layers()) {
        tars.put(layer.diffId(), layer);
        plain.add(Descriptor.of(MediaType.OCI_LAYER, layer.diffId(), layers.tarSize(layer)));
      }
      Descriptor config = image.manifest().config();
      return Manifests.write(
          MediaType.OCI_MANIFEST,
          new Manifest.Image(
              Descriptor.of(MediaType.OCI_CONFIG, config.digest(), config.size()),
              plain,
              null,
              Map.of()));
    }

    @Override
    public Document<Manifest> resolve(Reference reference) {
      throw new Fault.NotFound("No such image: " + reference.familiar());
    }

    @Override
    public InputStream open(Repository from, Descriptor blob) throws IOException {
      Layer layer = tars.get(blob.digest());
      return layer == null ? local.open(from, blob) : layers.openTar(layer);
    }
  }
}
