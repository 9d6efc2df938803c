package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Manifests;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// The one way an image gets from one place to another: pull, push, load and save are this copy
/// with other ends. What the target has already is not read; the rest goes over several at a time.
/// An image's manifest is put only when all it needs is there, and the name comes last, so a copy
/// that fails leaves nothing that can be seen. Safe for use by several threads.
public final class ImageCopy {
  /// The most bytes an image's config may have: the same as a manifest.
  public static final int MAX_CONFIG_BYTES = Manifests.MAX_BYTES;

  /// What a copy says of a layer, in the words Docker has for it.
  public record Words(String waiting, String moving, String done, String exists) {
    public static final Words PULL =
        new Words("Pulling fs layer", "Downloading", "Download complete", "Already exists");
    public static final Words PUSH =
        new Words("Preparing", "Pushing", "Pushed", "Layer already exists");
    public static final Words LOAD =
        new Words("Waiting", "Loading layer", "Loaded", "Already exists");
  }

  private final Words words;
  private final int atOnce;

  /// @param atOnce how many layers go over at the same time; with 1, they go in their order and on
  ///   the caller's thread
  public ImageCopy(Words words, int atOnce) {
    this.words = words;
    this.atOnce = atOnce;
  }

  /// Copies an image and gives it a name.
  ///
  /// @return what the new name points at: with a choice of one platform, that platform's manifest
  /// @throws Fault.NotFound if the source has no such image, or not for that platform
  /// @throws Fault.Invalid if the source's bytes are not what they are said to be
  public Descriptor copy(
      ImageSource source,
      Reference from,
      ImageTarget target,
      Reference to,
      PlatformChoice choice,
      Progress progress)
      throws IOException, InterruptedException {
    Document<Manifest> top = source.resolve(from);
    Document<Manifest> copied =
        copy(source, from.repository(), top, target, to.repository(), choice, progress);
    target.publish(to, copied);
    return copied.descriptor();
  }

  /// Copies an image without giving it a name; its manifest is put last.
  ///
  /// @return the manifest that was put: with a choice of one platform, that platform's
  public Document<Manifest> copy(
      ImageSource source,
      Repository from,
      Document<Manifest> top,
      ImageTarget target,
      Repository in,
      PlatformChoice choice,
      Progress progress)
      throws IOException, InterruptedException {
    Document<Manifest> chosen =
        switch (choice) {
          case PlatformChoice.All all -> top;
          case PlatformChoice.Only only -> choose(source, from, top, only, 0);
        };
    CopyPlan plan = CopyPlan.of(source, from, chosen);
    for (CopyPlan.Expected expected : plan.images()) {
      target.expect(expected.image(), expected.diffIds());
    }
    new LayerTransfer(source, from, target, in, words, progress).all(plan.layers(), atOnce);
    for (CopyPlan.Small small : plan.smalls()) {
      if (!target.contains(in, small.descriptor())) {
        target.put(in, small.descriptor(), new ByteArrayInputStream(small.bytes()));
      }
    }
    return chosen;
  }

  private static Document<Manifest> choose(
      ImageSource source,
      Repository from,
      Document<Manifest> top,
      PlatformChoice.Only only,
      int depth)
      throws IOException {
    return switch (top.value()) {
      case Manifest.Image image -> top;
      case Manifest.Index index -> {
        CopyPlan.checkDepth(depth);
        for (Descriptor candidate : only.candidates(index.manifests())) {
          try {
            yield choose(source, from, CopyPlan.read(source, from, candidate), only, depth + 1);
          } catch (Fault.NotFound e) {
            // An archive may hold the index and only some of its images: the next may be there.
          }
        }
        throw new Fault.NotFound(
            "no matching manifest for "
                + only.platform()
                + " in the manifest list entries of "
                + top.digest());
      }
    };
  }
}
