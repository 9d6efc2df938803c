package io.djong.registry.server;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.json.Manifests;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import io.djong.registry.RegistryPath;
import io.djong.registry.RegistryPath.ManifestAt;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Manifests by tag and digest, and what refers to them (OCI distribution specification, Pulling
/// manifests, Pushing Manifests, Deleting, Listing Referrers).
final class ManifestRoutes {
  private final Repositories repositories;
  private final Events events;
  private final @Nullable Upstream upstream;

  /// @param upstream null unless this is a mirror
  ManifestRoutes(Repositories repositories, Events events, @Nullable Upstream upstream) {
    this.upstream = upstream;
    this.repositories = repositories;
    this.events = events;
  }

  void answer(Call call, ManifestAt path) throws IOException {
    switch (call.method()) {
      case "GET", "HEAD" -> read(call, path);
      case "PUT" -> put(call, path);
      case "DELETE" -> delete(call, path);
      default -> throw call.unsupported("GET, HEAD, PUT, DELETE");
    }
  }

  private void read(Call call, ManifestAt path) throws IOException {
    call.require(path.name(), Action.PULL);
    Digest digest = path.digest();
    if (digest == null) {
      digest =
          upstream == null
              ? repositories.tagged(path.name(), path.reference())
              : upstream.tag(path.name(), path.reference());
    } else if (upstream != null) {
      upstream.manifest(path.name(), digest);
    }
    StoredManifest manifest = digest == null ? null : repositories.manifest(path.name(), digest);
    if (manifest == null) {
      throw unknown(path);
    }
    call.response()
        .header("Content-Type", manifest.mediaType())
        .header("Docker-Content-Digest", manifest.digest().toString())
        .header("ETag", '"' + manifest.digest().toString() + '"');
    if (BlobRoutes.matches(call.request().header("If-None-Match"), manifest.digest())) {
      call.empty(304);
    } else {
      call.response().send(manifest.bytes());
    }
    if (call.method().equals("GET")) {
      events.happened("pull", call, path.name(), tag(path), manifest);
    }
  }

  private void put(Call call, ManifestAt path) throws IOException {
    call.require(path.name(), Action.PUSH);
    byte[] bytes = body(call);
    Document<Manifest> manifest;
    try {
      manifest = Manifests.read(mediaType(call.request().header("Content-Type")), bytes);
    } catch (Fault.Invalid e) {
      throw new RegistryFault(RegistryError.MANIFEST_INVALID, e.getMessage());
    }
    Digest asked = path.digest();
    Digest digest = asked == null ? manifest.digest() : hash(asked.algorithm(), bytes);
    if (asked != null && !asked.equals(digest)) {
      throw new RegistryFault(
          RegistryError.DIGEST_INVALID, "the manifest's digest is " + digest + ", not " + asked);
    }
    repositories.put(path.name(), tag(path), digest, manifest);
    Descriptor subject = Referrer.subject(manifest.value());
    if (subject != null) {
      call.response().header("OCI-Subject", subject.digest().toString());
    }
    call.response()
        .header("Location", new ManifestAt(path.name(), digest.toString()).toString())
        .header("Docker-Content-Digest", digest.toString());
    call.empty(201);
    events.happened(
        "push",
        call,
        path.name(),
        tag(path),
        new StoredManifest(manifest.descriptor().mediaType(), digest, bytes));
  }

  private void delete(Call call, ManifestAt path) throws IOException {
    call.require(path.name(), Action.DELETE);
    Digest digest = path.digest();
    boolean there =
        digest == null
            ? repositories.deleteTag(path.name(), path.reference())
            : repositories.deleteManifest(path.name(), digest);
    if (!there) {
      throw unknown(path);
    }
    call.empty(202);
    events.happened("delete", call, path.name(), tag(path), digest);
  }

  void referrers(Call call, RegistryPath.Referrers path) throws IOException {
    if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      throw call.unsupported("GET, HEAD");
    }
    call.require(path.name(), Action.PULL);
    String type = call.query("artifactType");
    List<Map<String, Object>> found =
        repositories.referrers(path.name(), path.subject()).stream()
            .filter(each -> type == null || type.isEmpty() || type.equals(each.artifactType()))
            .map(Referrer::json)
            .toList();
    if (type != null && !type.isEmpty()) {
      call.response().header("OCI-Filters-Applied", "artifactType");
    }
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("schemaVersion", 2);
    index.put("mediaType", MediaType.OCI_INDEX);
    index.put("manifests", found);
    call.json(MediaType.OCI_INDEX, index);
  }

  private static byte[] body(Call call) throws IOException {
    if (call.contentLength() > Manifests.MAX_BYTES) {
      throw tooLarge();
    }
    byte[] bytes = call.request().body().readNBytes(Manifests.MAX_BYTES + 1);
    if (bytes.length > Manifests.MAX_BYTES) {
      throw tooLarge();
    }
    return bytes;
  }

  private static RefusedBody tooLarge() {
    return new RefusedBody(RegistryError.MANIFEST_INVALID, "a manifest may have 4 MiB");
  }

  /// Without its parameters.
  private static @Nullable String mediaType(@Nullable String header) {
    if (header == null) {
      return null;
    }
    int semicolon = header.indexOf(';');
    String type = (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
    return type.isEmpty() ? null : type;
  }

  private static Digest hash(String algorithm, byte[] bytes) {
    return Digest.ofHash(algorithm, Digest.newHash(algorithm).digest(bytes));
  }

  private static @Nullable String tag(ManifestAt path) {
    return path.digest() == null ? path.reference() : null;
  }

  private static RegistryFault unknown(ManifestAt path) {
    return new RegistryFault(
        RegistryError.MANIFEST_UNKNOWN,
        "manifest unknown",
        path.digest() == null
            ? Map.of("Tag", path.reference())
            : Map.of("name", path.name(), "revision", path.reference()));
  }
}
