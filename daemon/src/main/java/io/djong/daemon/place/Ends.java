package io.djong.daemon.place;

import io.djong.api.AuthConfig;
import io.djong.api.EngineClient;
import io.djong.api.JsonLines;
import io.djong.api.RegistryLogins;
import io.djong.api.StreamMessage;
import io.djong.content.ImageSource;
import io.djong.content.ImageTarget;
import io.djong.content.archive.ArchiveTarget;
import io.djong.content.archive.UnpackedArchive;
import io.djong.content.layout.LayoutFolder;
import io.djong.daemon.route.RegistryAuth;
import io.djong.http.HttpClient;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.registry.Credentials;
import io.djong.registry.client.RegistryClient;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Opens places as the two ends of a copy. For one thread.
final class Ends {
  private static final Repository HERE = new Repository("localhost", "image");

  private final RegistryClient client;
  private final RegistryLogins logins;
  private final @Nullable String engine;

  /// @param engine its address; null for where it is unless told otherwise
  Ends(RegistryClient client, RegistryLogins logins, @Nullable String engine) {
    this.client = client;
    this.logins = logins;
    this.engine = engine;
  }

  /// What closes without complaint.
  interface Closing extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /// Where an image comes from.
  ///
  /// @param name what the place calls it
  /// @param known whether that name means something elsewhere too
  record From(ImageSource source, Reference name, boolean known, Closing closing)
      implements Closing {
    @Override
    public void close() throws IOException {
      closing.close();
    }
  }

  /// Where an image goes.
  ///
  /// @param end makes it last; not called if the copy failed
  /// @param atOnce how many layers may come at the same time
  record To(ImageTarget target, Reference name, Closing end, Closing closing, int atOnce)
      implements Closing {
    @Override
    public void close() throws IOException {
      closing.close();
    }
  }

  /// @param given `USER:PASSWORD`; null for what the user is logged in as
  Credentials credentials(String host, @Nullable String given)
      throws IOException, InterruptedException {
    if (given != null) {
      int colon = given.indexOf(':');
      if (colon < 0) {
        throw new Fault.Invalid("credentials: want USER:PASSWORD");
      }
      return new Credentials.Password(given.substring(0, colon), given.substring(colon + 1));
    }
    AuthConfig config = logins.find(host);
    return config == null ? Credentials.NONE : RegistryAuth.credentials(config);
  }

  RegistryClient client() {
    return client;
  }

  From from(Place place, @Nullable String credentials) throws IOException, InterruptedException {
    switch (place) {
      case Place.Registry(Reference name) -> {
        String host = name.repository().host();
        return new From(client.source(host, credentials(host, credentials)), name, true, () -> {});
      }
      case Place.Layout(Path folder, String name) -> {
        return new From(new LayoutFolder(folder, name), here(), false, () -> {});
      }
      case Place.Archive(String _, Path file, String name) -> {
        try (InputStream in = Files.newInputStream(file)) {
          return unpacked(in, name);
        }
      }
      case Place.Engine(String name) -> {
        try (EngineClient reached = engine();
            HttpClient.Exchange saved = reached.save(List.of(name))) {
          return unpacked(saved.body(), null);
        }
      }
    }
  }

  private static From unpacked(InputStream in, @Nullable String name) throws IOException {
    UnpackedArchive archive = UnpackedArchive.read(in, name);
    Reference known = archive.images().isEmpty() ? null : archive.name();
    return new From(archive, known == null ? here() : known, known != null, archive::close);
  }

  private static Reference here() {
    return new Reference.Tag(HERE, Reference.DEFAULT_TAG);
  }

  /// @param from where the bytes can be read once more
  To to(Place place, @Nullable String credentials, From from)
      throws IOException, InterruptedException {
    switch (place) {
      case Place.Registry(Reference name) -> {
        String host = name.repository().host();
        String mountable =
            from.known() && from.name().repository().host().equals(host)
                ? from.name().repository().path()
                : null;
        return new To(
            client.target(
                host,
                credentials(host, credentials),
                blob -> from.source().open(from.name().repository(), blob),
                blob -> mountable),
            name,
            () -> {},
            () -> {},
            4);
      }
      case Place.Layout(Path folder, String name) -> {
        return new To(new LayoutFolder(folder, name), here(), () -> {}, () -> {}, 4);
      }
      case Place.Archive(String _, Path file, String name) -> {
        Path parent = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path draft = Files.createTempFile(parent, ".draft", ".tar");
        return archive(
            draft,
            name(name, from),
            () -> Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING));
      }
      case Place.Engine(String name) -> {
        Path draft = Files.createTempFile("djong-image", ".tar");
        return archive(draft, Reference.parse(name), () -> load(draft));
      }
    }
  }

  /// A name for an image in an archive, which may be a tag alone.
  private static Reference name(@Nullable String told, From from) {
    if (told == null) {
      return from.name();
    }
    boolean bare = told.indexOf('/') < 0 && told.indexOf(':') < 0;
    return bare && from.known() && Reference.Tag.isTag(told)
        ? new Reference.Tag(from.name().repository(), told)
        : Reference.parse(told);
  }

  private static To archive(Path draft, Reference name, Closing keep) throws IOException {
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16);
    ArchiveTarget target = new ArchiveTarget(out);
    return new To(
        target,
        name,
        () -> {
          target.finish();
          out.close();
          keep.close();
        },
        () -> {
          out.close();
          Files.deleteIfExists(draft);
        },
        1);
  }

  private void load(Path archive) throws IOException {
    try (EngineClient reached = engine();
        InputStream in = Files.newInputStream(archive);
        JsonLines<StreamMessage> lines = reached.load(in, true)) {
      for (StreamMessage line = lines.next(); line != null; line = lines.next()) {
        if (line.error() != null) {
          throw new Fault.Failed("the engine does not take the image: " + line.error());
        }
      }
    }
  }

  private EngineClient engine() {
    String[] choices = {engine, System.getenv("DJONG_HOST"), System.getenv("DOCKER_HOST")};
    for (String choice : choices) {
      if (choice != null && !choice.isEmpty()) {
        return new EngineClient(HttpClient.of(choice));
      }
    }
    return new EngineClient(HttpClient.of("unix:///run/djong.sock"));
  }
}
