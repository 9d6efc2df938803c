package io.djong.engine.image;

import io.djong.content.ImageCopy;
import io.djong.content.ImageNames;
import io.djong.content.ImageNames.Named;
import io.djong.content.LocalImages;
import io.djong.content.PlatformChoice;
import io.djong.content.archive.ArchiveTarget;
import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// Writes images into an archive. Names decide what is in it, as Docker reads them: a name alone
/// means all tags of that repository, an id an image without a name.
final class ImageSaving {
  private static final Repository ARCHIVED = new Repository("localhost", "archived");

  private final ImageIndex index;
  private final LocalImages local;
  private final ImageNames names;

  ImageSaving(ImageIndex index, LocalImages local, ImageNames names) {
    this.index = index;
    this.local = local;
    this.names = names;
  }

  /// @throws Fault.NotFound if one of them is not there; nothing is written then
  void save(List<String> refs, OutputStream archive) throws IOException {
    List<Choice> choices = new ArrayList<>();
    for (String ref : refs) {
      choose(ref, choices);
    }
    ArchiveTarget target = new ArchiveTarget(archive);
    for (Choice choice : choices) {
      Document<Manifest> manifest = copy(choice.manifest(), target);
      if (choice.name() == null) {
        target.publishUnnamed(manifest);
      } else {
        target.publish(choice.name(), manifest);
      }
    }
    target.finish();
  }

  private record Choice(@org.jspecify.annotations.Nullable Reference name, Descriptor manifest) {}

  private void choose(String ref, List<Choice> choices) throws IOException {
    StoredImage byName = index.byName(ref);
    if (isBare(ref)) {
      Repository repository = Reference.parse(ref).repository();
      boolean any = false;
      for (Named named : names.list()) {
        if (named.name().repository().equals(repository) && named.name() instanceof Reference.Tag) {
          choices.add(new Choice(named.name(), named.manifest()));
          any = true;
        }
      }
      if (any) {
        return;
      }
    }
    if (byName != null) {
      Reference name = Reference.parse(ref);
      Descriptor manifest = names.get(name);
      choices.add(new Choice(name, manifest == null ? byName.descriptor() : manifest));
    } else {
      choices.add(new Choice(null, index.find(ref).descriptor()));
    }
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

  private Document<Manifest> copy(Descriptor manifest, ArchiveTarget target) throws IOException {
    try {
      return new ImageCopy(ImageCopy.Words.PUSH, 1)
          .copy(
              local,
              ARCHIVED,
              local.manifest(manifest),
              target,
              ARCHIVED,
              PlatformChoice.ALL,
              Progress.NONE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while saving");
    }
  }
}
