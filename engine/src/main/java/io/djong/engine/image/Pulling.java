package io.djong.engine.image;

import io.djong.content.ImageCopy;
import io.djong.content.ImageNames;
import io.djong.content.LocalImages;
import io.djong.content.PlatformChoice;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Manifest;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Pin;
import io.djong.model.Reference.Repository;
import io.djong.registry.Credentials;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.client.RegistrySource;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Brings images from registries. The name comes last, and the layers that are here already do not
/// come at all.
final class Pulling {
  private static final int LAYERS_AT_ONCE = 3;

  private final Parts parts;
  private final RegistryClient client;

  /// What images of this machine are kept in.
  ///
  /// @param door keeps removals out for a moment
  /// @param listener hears of what came
  record Parts(
      LocalImages local,
      ImageNames names,
      ImageIndex index,
      ImageLayers layers,
      PackedLayers packed,
      TrustedImages trust,
      Supplier<StoredImages.Hold> door,
      ImageRemoval.Listener listener) {}

  Pulling(Parts parts, RegistryClient client) {
    this.parts = parts;
    this.client = client;
  }

  /// See [io.djong.engine.Registries#pull].
  Digest pull(
      Reference name, @Nullable Platform platform, Credentials credentials, Progress progress)
      throws IOException, InterruptedException {
    Repository repository = name.repository();
    RegistrySource source = client.source(repository.host(), credentials);
    Document<Manifest> top = resolve(source, name);
    parts.trust().admitPull(name, top.digest(), credentials);
    progress.say(said(name), "Pulling from " + repository.path());
    StoredImage image = known(repository, top.digest(), platform);
    boolean news;
    if (image == null) {
      try (Arrival arrival = new Arrival(parts.local(), parts.layers(), parts.index())) {
        Document<Manifest> chosen =
            new ImageCopy(ImageCopy.Words.PULL, LAYERS_AT_ONCE)
                .copy(
                    source,
                    repository,
                    top,
                    arrival.target(),
                    repository,
                    PlatformChoice.only(platform == null ? Platform.current() : platform),
                    progress);
        try (StoredImages.Hold _ = parts.door().get()) {
          image = arrival.settle(chosen, progress);
          checkPlatform(name, image, platform);
          parts.index().add(image);
          news = name(name, top, image, chosen.descriptor());
        }
      }
      parts.packed().trim(parts.index().all());
    } else {
      try (StoredImages.Hold _ = parts.door().get()) {
        news = name(name, top, image, image.descriptor());
      }
    }
    progress.say("Digest: " + top.digest());
    progress.say(
        "Status: "
            + (news ? "Downloaded newer image for " : "Image is up to date for ")
            + name.familiar());
    return image.id();
  }

  private static Document<Manifest> resolve(RegistrySource source, Reference name)
      throws IOException {
    try {
      return source.resolve(name);
    } catch (Fault.NotFound e) {
      throw new Fault.NotFound("manifest for " + name.familiar() + " not found: " + e.getMessage());
    } catch (Fault.Denied e) {
      // In Docker's words and with its status: the name may as well be wrong.
      throw new Fault.NotFound(
          "pull access denied for "
              + name.repository().familiar()
              + ", repository does not exist or may require 'docker login': "
              + e.getMessage());
    }
  }

  /// The tag or digest, as people know the pull by.
  private static String said(Reference name) {
    return switch (name) {
      case Reference.Tag tag -> tag.tag();
      case Pin pin -> pin.digest().toString();
    };
  }

  /// The image that was pulled from there before; null if it must come.
  private @Nullable StoredImage known(
      Repository repository, Digest top, @Nullable Platform platform) throws IOException {
    Descriptor manifest = parts.names().get(new Pin(repository, null, top));
    Digest id = manifest == null ? null : parts.index().idOf(manifest);
    StoredImage image = id == null ? null : parts.index().byId(id);
    return image != null && isFor(image.config(), platform == null ? Platform.current() : platform)
        ? image
        : null;
  }

  private static boolean isFor(ImageConfig config, Platform platform) {
    return platform.architecture().equals(config.architecture())
        && platform.os().equals(config.os())
        && (platform.variant() == null || platform.variant().equals(config.variant()));
  }

  /// An image without an index is what it is, whatever was asked for.
  private static void checkPlatform(
      Reference name, StoredImage image, @Nullable Platform platform) {
    ImageConfig config = image.config();
    if (platform != null
        && !(platform.architecture().equals(config.architecture())
            && platform.os().equals(config.os()))) {
      throw new Fault.NotFound(
          "image with reference "
              + name.familiar()
              + " was found but its platform ("
              + config.os()
              + "/"
              + config.architecture()
              + ") does not match the specified platform ("
              + platform
              + ")");
    }
  }

  /// Gives an image its names.
  ///
  /// @return whether the name meant another image before, or none
  private boolean name(
      Reference name, Document<Manifest> top, StoredImage image, Descriptor manifest)
      throws IOException {
    Repository repository = name.repository();
    Descriptor before = parts.names().put(new Pin(repository, null, top.digest()), manifest);
    if (name instanceof Reference.Tag) {
      before = parts.names().put(name, manifest);
    }
    parts.index().tagged(image.id());
    parts.listener().tell("pull", image.id(), name.familiar(), image);
    return before == null || !image.id().equals(parts.index().idOf(before));
  }
}
