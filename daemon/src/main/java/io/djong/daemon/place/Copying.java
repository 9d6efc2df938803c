package io.djong.daemon.place;

import io.djong.content.ImageCopy;
import io.djong.content.PlatformChoice;
import io.djong.content.VerifiedInput;
import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Manifest;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.registry.Credentials;
import io.djong.registry.client.RegistryTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done with images in places. For one thread.
final class Copying {
  private final Ends ends;

  Copying(Ends ends) {
    this.ends = ends;
  }

  /// Copies an image; what is at the other end already does not move. The name comes last.
  ///
  /// @param fromUser `USER:PASSWORD` for the source; null for what the user is logged in as
  /// @return what the new name points at
  Descriptor copy(
      Place source,
      Place destination,
      PlatformChoice choice,
      @Nullable String fromUser,
      @Nullable String toUser,
      Progress progress)
      throws IOException, InterruptedException {
    try (Ends.From from = ends.from(source, fromUser);
        Ends.To to = ends.to(destination, toUser, from)) {
      Descriptor copied =
          new ImageCopy(ImageCopy.Words.PUSH, to.atOnce())
              .copy(from.source(), from.name(), to.target(), to.name(), choice, progress);
      to.end().close();
      return copied;
    }
  }

  /// The manifest or index itself, as it is.
  byte[] raw(Place place, @Nullable String user) throws IOException, InterruptedException {
    try (Ends.From from = ends.from(place, user)) {
      return from.source().resolve(from.name()).bytes();
    }
  }

  /// The config of an image, as it is.
  byte[] config(Place place, PlatformChoice choice, @Nullable String user)
      throws IOException, InterruptedException {
    try (Ends.From from = ends.from(place, user)) {
      return config(from, image(from, choice));
    }
  }

  private static byte[] config(Ends.From from, Manifest.Image image) throws IOException {
    Descriptor config = image.config();
    try (InputStream in = from.source().open(from.name().repository(), config)) {
      return VerifiedInput.readAll(in, config, ImageCopy.MAX_CONFIG_BYTES);
    }
  }

  private static Manifest.Image image(Ends.From from, PlatformChoice choice)
      throws IOException, InterruptedException {
    Document<Manifest> top = from.source().resolve(from.name());
    Document<Manifest> chosen =
        new ImageCopy(ImageCopy.Words.PULL, 1)
            .copy(
                from.source(),
                from.name().repository(),
                top,
                new Glance(),
                from.name().repository(),
                choice,
                Progress.NONE);
    if (chosen.value() instanceof Manifest.Image image) {
      return image;
    }
    throw new Fault.Invalid(from.name().familiar() + " is no image of one platform");
  }

  /// What skopeo says of an image, in its words.
  Map<String, Object> inspect(Place place, PlatformChoice choice, @Nullable String user)
      throws IOException, InterruptedException {
    try (Ends.From from = ends.from(place, user)) {
      Document<Manifest> top = from.source().resolve(from.name());
      Manifest.Image image = image(from, choice);
      ImageConfig config = Json.lean().read(ImageConfig.class, config(from, image));
      Map<String, Object> all = new LinkedHashMap<>();
      if (place instanceof Place.Registry(Reference name)) {
        all.put("Name", name.repository().toString());
      }
      all.put("Digest", top.digest().toString());
      all.put("RepoTags", place instanceof Place.Registry ? tags(place, user) : List.of());
      all.put("Created", config.created());
      all.put("Labels", labels(config));
      all.put("Architecture", config.architecture());
      all.put("Os", config.os());
      all.put("Layers", image.layers().stream().map(each -> each.digest().toString()).toList());
      List<Object> layers = new ArrayList<>();
      for (Descriptor each : image.layers()) {
        Map<String, Object> layer = new LinkedHashMap<>();
        layer.put("MIMEType", each.mediaType());
        layer.put("Digest", each.digest().toString());
        layer.put("Size", each.size());
        layers.add(layer);
      }
      all.put("LayersData", layers);
      all.put("Env", config.config() == null ? List.of() : config.config().env());
      return all;
    }
  }

  private static Map<String, String> labels(ImageConfig config) {
    Map<String, String> labels = config.config() == null ? null : config.config().labels();
    return labels == null ? Map.of() : labels;
  }

  /// The names that a place has images under.
  List<String> tags(Place place, @Nullable String user) throws IOException, InterruptedException {
    return switch (place) {
      case Place.Registry(Reference name) -> {
        Repository repository = name.repository();
        Credentials credentials = ends.credentials(repository.host(), user);
        yield ends.client().source(repository.host(), credentials).tags(repository);
      }
      case Place.Layout layout ->
          new io.djong.content.layout.LayoutFolder(layout.folder(), null).names();
      default -> throw new Fault.Invalid(place + ": want docker://NAME or oci:FOLDER");
    };
  }

  /// Takes a name away: a tag, a manifest by its digest, or what a layout calls so.
  void delete(Place place, @Nullable String user) throws IOException, InterruptedException {
    switch (place) {
      case Place.Registry(Reference name) -> {
        String host = name.repository().host();
        RegistryTarget target =
            ends.client()
                .target(
                    host,
                    ends.credentials(host, user),
                    blob -> new ByteArrayInputStream(new byte[0]),
                    blob -> null);
        target.delete(name);
      }
      case Place.Layout(var folder, var name) ->
          new io.djong.content.layout.LayoutFolder(folder, name).delete();
      default -> throw new Fault.Invalid(place + ": want docker://NAME or oci:FOLDER:NAME");
    }
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
