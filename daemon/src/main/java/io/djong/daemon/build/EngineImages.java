package io.djong.daemon.build;

import io.djong.build.BuildRequest.Login;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The engine's images for the builder.
public final class EngineImages implements ImageSupply {
  private final Engine engine;

  public EngineImages(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Found resolve(
      String name,
      @Nullable Platform platform,
      boolean pull,
      Map<String, Login> logins,
      Progress progress)
      throws IOException, InterruptedException {
    ImageDetails image = pull ? null : here(name);
    if (image == null) {
      image = pulled(name, platform, logins, progress);
    }
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

  private @Nullable ImageDetails here(String name) throws IOException {
    try {
      return engine.images().inspect(name);
    } catch (Fault.NotFound _) {
      return null; // Then a registry may have it.
    }
  }

  private ImageDetails pulled(
      String name, @Nullable Platform platform, Map<String, Login> logins, Progress progress)
      throws IOException, InterruptedException {
    Reference reference = Reference.parse(name);
    Login login = logins.get(reference.repository().host());
    Digest id =
        engine
            .registries()
            .pull(
                reference,
                platform,
                login == null ? Credentials.NONE : credentials(login),
                progress);
    return engine.images().inspect(id.toString());
  }

  private static Credentials credentials(Login login) {
    if (!login.registryToken().isEmpty()) {
      return new Credentials.RegistryToken(login.registryToken());
    }
    if (login.user().isEmpty() && login.identityToken().isEmpty()) {
      return Credentials.NONE;
    }
    return login.identityToken().isEmpty()
        ? new Credentials.Password(login.user(), login.password())
        : new Credentials.IdentityToken(login.user(), login.identityToken());
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
  public Digest publishSquashed(
      ImageConfig config, @Nullable Digest base, List<Reference.Tag> names) throws IOException {
    int kept =
        base == null
            ? 0
            : engine.images().inspect(base.toString()).config().rootfs().diffIds().size();
    if (config.rootfs().diffIds().size() - kept < 2) {
      return publish(config, names);
    }
    Digest whole = publish(config, List.of());
    boolean named = !engine.images().inspect(whole.toString()).repoTags().isEmpty();
    Digest squashed =
        engine
            .imageTools()
            .squash(whole.toString(), base == null ? "scratch" : base.toString(), null);
    for (Reference.Tag name : names) {
      engine.images().tag(squashed.toString(), name.repository().familiar(), name.tag());
    }
    if (!named && !whole.equals(squashed)) {
      removeUnused(whole);
    }
    return squashed;
  }

  private void removeUnused(Digest image) throws IOException {
    try {
      engine.images().remove(image.toString(), false, false);
    } catch (Fault.Conflict _) {
      // Somebody has taken it meanwhile.
    }
  }

  @Override
  public void sweep() throws IOException {
    engine.images().sweep();
  }
}
