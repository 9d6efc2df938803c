package io.djong.registry.client;

import io.djong.content.ImageSource;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.model.json.Manifests;
import io.djong.registry.RegistryPath;
import io.djong.registry.RegistryPath.ManifestAt;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Images on registries, as one user sees them. Mirrors are asked first, for each document and blob
/// anew, and the registry itself last. Safe for use by several threads.
public final class RegistrySource implements ImageSource {
  static final String ACCEPT =
      String.join(
          ", ",
          MediaType.OCI_INDEX,
          MediaType.OCI_MANIFEST,
          MediaType.DOCKER_INDEX,
          MediaType.DOCKER_MANIFEST);

  private static final System.Logger LOG = System.getLogger("io.djong.registry");

  /// Types that say nothing, as careless servers and proxies give them.
  private static final Set<String> ANY =
      Set.of("", "text/plain", "application/json", "application/octet-stream");

  private final Routing routing;
  private final @Nullable Ranges ranges;
  private final Pause pause;

  /// @param ranges how large blobs come in parts; null if they do not
  RegistrySource(Routing routing, @Nullable Ranges ranges, Pause pause) {
    this.routing = routing;
    this.ranges = ranges;
    this.pause = pause;
  }

  /// @throws Fault.NotFound if the registry has no such image
  /// @throws Fault.Denied if the registry does not let us have it
  /// @throws Fault.Invalid if what it sends is no manifest, or another than was named
  @Override
  public Document<Manifest> resolve(Reference reference) throws IOException {
    String name =
        switch (reference) {
          case Reference.Tag tag -> tag.tag();
          case Reference.Pin pin -> pin.digest().toString();
        };
    Digest pinned = reference instanceof Reference.Pin pin ? pin.digest() : null;
    return any(reference.repository(), remote -> resolve(remote, name, pinned));
  }

  private Document<Manifest> resolve(Remote remote, String name, @Nullable Digest pinned)
      throws IOException {
    try (Exchange answer =
        remote
            .requests()
            .ask(
                "GET",
                new ManifestAt(remote.path(), name).toString(),
                Map.of("Accept", ACCEPT),
                remote.pull())) {
      if (answer.status() != 200) {
        throw Refusals.of(answer);
      }
      byte[] bytes = answer.body().readNBytes(Manifests.MAX_BYTES + 1);
      if (pinned != null) {
        check(remote, pinned, bytes, "was asked for");
      }
      String said = answer.header("Docker-Content-Digest");
      if (said != null) {
        check(remote, digest(remote, said), bytes, "the registry says");
      }
      return Manifests.read(type(answer.header("Content-Type")), bytes);
    }
  }

  private static Digest digest(Remote remote, String text) {
    try {
      return Digest.parse(text.strip());
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(
          "the registry of " + remote + " gives a digest that is none: " + Refusals.shown(text), e);
    }
  }

  private static void check(Remote remote, Digest wanted, byte[] bytes, String who) {
    MessageDigest hash = Digest.newHash(wanted.algorithm());
    Digest found = Digest.ofHash(wanted.algorithm(), hash.digest(bytes));
    if (!found.equals(wanted)) {
      throw new Fault.Invalid(
          "manifest of "
              + remote
              + " is not what was promised: its digest is "
              + found
              + ", and "
              + wanted
              + " "
              + who);
    }
  }

  /// A media type without its parameters; null where it says nothing.
  private static @Nullable String type(@Nullable String header) {
    if (header == null) {
      return null;
    }
    int semicolon = header.indexOf(';');
    String bare = (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
    String type = bare.toLowerCase(Locale.ROOT);
    if (type.equals("application/vnd.docker.distribution.manifest.v1+prettyjws")
        || type.equals("application/vnd.docker.distribution.manifest.v1+json")) {
      throw new Fault.Unsupported(
          "the registry has this image in Docker's manifest schema 1 alone, which nobody makes any"
              + " more: push it anew");
    }
    return ANY.contains(type) ? null : type;
  }

  @Override
  public InputStream open(Repository from, Descriptor blob) throws IOException {
    return open(from, blob, 0);
  }

  @Override
  public InputStream open(Repository from, Descriptor blob, long position) throws IOException {
    String type = blob.mediaType();
    if (MediaType.isManifest(type) || MediaType.isIndex(type)) {
      return any(from, remote -> manifest(remote, blob));
    }
    return any(
        from,
        remote ->
            ranges == null
                ? BlobInput.open(remote, blob, position, pause)
                : RangedInput.open(remote, blob, ranges, position, pause));
  }

  private static InputStream manifest(Remote remote, Descriptor blob) throws IOException {
    Exchange answer =
        remote
            .requests()
            .ask(
                "GET",
                new ManifestAt(remote.path(), blob.digest().toString()).toString(),
                Map.of("Accept", blob.mediaType() + ", " + ACCEPT),
                remote.pull());
    if (answer.status() != 200) {
      try (answer) {
        throw Refusals.of(answer);
      }
    }
    return new ExchangeInput(answer);
  }

  /// The tags of a repository, in the registry's order, page after page.
  ///
  /// @throws Fault.NotFound if there is no such repository
  public List<String> tags(Repository repository) throws IOException {
    return any(
        repository,
        remote -> new Pages(remote).all(new RegistryPath.Tags(remote.path()).toString(), "tags"));
  }

  /// The repositories of a registry, as far as it lists them to us.
  ///
  /// @param any a repository there, whether it exists or not
  public List<String> repositories(Repository any) throws IOException {
    return any(
        any,
        remote -> new Pages(remote).all(new RegistryPath.Catalog().toString(), "repositories"));
  }

  /// What says of itself that it is about a manifest (OCI distribution specification, Listing
  /// Referrers); nothing where the registry does not keep that.
  ///
  /// @param artifactType of what kind
  public List<Descriptor> referrers(Repository repository, Digest subject, String artifactType)
      throws IOException {
    return any(repository, remote -> referrers(remote, subject, artifactType));
  }

  private static List<Descriptor> referrers(Remote remote, Digest subject, String artifactType)
      throws IOException {
    String path = new RegistryPath.Referrers(remote.path(), subject).toString();
    String target =
        path + "?artifactType=" + URLEncoder.encode(artifactType, StandardCharsets.UTF_8);
    try (Exchange answer =
        remote
            .requests()
            .ask("GET", target, Map.of("Accept", MediaType.OCI_INDEX), remote.pull())) {
      if (answer.status() == 404 || answer.status() == 400 || answer.status() == 405) {
        return List.of();
      }
      if (answer.status() != 200) {
        throw Refusals.of(answer);
      }
      byte[] bytes = answer.body().readNBytes(Manifests.MAX_BYTES + 1);
      List<Descriptor> found = new ArrayList<>();
      if (Json.lean().readTree(bytes) instanceof Map<?, ?> index
          && index.get("manifests") instanceof List<?> all) {
        for (Object each : all) {
          if (each instanceof Map<?, ?> entry
              && artifactType.equals(entry.get("artifactType"))
              && entry.get("mediaType") instanceof String type
              && entry.get("digest") instanceof String digest
              && entry.get("size") instanceof Number size) {
            found.add(Descriptor.of(type, digest(remote, digest), size.longValue()));
          }
        }
      }
      return found;
    }
  }

  /// What is asked of one server after the other.
  @FunctionalInterface
  private interface Question<T> {
    T ask(Remote remote) throws IOException;
  }

  private <T> T any(Repository repository, Question<T> question) throws IOException {
    for (Remote remote : routing.pull(repository)) {
      if (!remote.mirror()) {
        return question.ask(remote);
      }
      try {
        return question.ask(remote);
      } catch (Fault | IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LOG.log(System.Logger.Level.DEBUG, "mirror " + remote + " did not help", e);
      }
    }
    throw new IllegalStateException("no server for " + repository);
  }
}
