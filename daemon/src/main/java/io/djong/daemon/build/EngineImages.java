package io.djong.daemon.build;

import io.djong.build.ImageSupply;
import io.djong.engine.Engine;
import io.djong.engine.Images.ImageDetails;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.registry.Credentials;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The engine's images for the builder.
public final class EngineImages implements ImageSupply {
  private final Engine engine;

  public EngineImages(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Found resolve(String name, @Nullable Platform platform, boolean pull, Progress progress)
      throws IOException, InterruptedException {
    ImageDetails image = pull ? pulled(name, platform, progress) : here(name, platform, progress);
    if (platform != null && !fits(image.config(), platform)) {
      throw new Fault.NotFound(
          "image with reference "
              + name
              + " was found but does not provide the specified platform ("
              + platform
              + ")");
    }
    return new Found(image.id(), image.config());
  }

  private ImageDetails here(String name, @Nullable Platform platform, Progress progress)
      throws IOException, InterruptedException {
    try {
      return engine.images().inspect(name);
    } catch (Fault.NotFound _) { // Then a registry may have it.
      return pulled(name, platform, progress);
    }
  }

  /// As nobody: a build has no credentials of its own.
  private ImageDetails pulled(String name, @Nullable Platform platform, Progress progress)
      throws IOException, InterruptedException {
    Digest id =
        engine.registries().pull(Reference.parse(name), platform, Credentials.NONE, progress);
    return engine.images().inspect(id.toString());
  }

  private static boolean fits(ImageConfig image, Platform wanted) {
    Platform own = image.platform();
    return own.os().equals(wanted.os()) && own.architecture().equals(wanted.architecture());
  }

  @Override
  public Digest publish(ImageConfig config, List<Reference.Tag> names) throws IOException {
    return engine.images().publish(config, names);
  }

  @Override
  public void sweep() throws IOException {
    engine.images().sweep();
  }
}
