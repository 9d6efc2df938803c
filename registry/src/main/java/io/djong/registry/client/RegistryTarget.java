package io.djong.registry.client;

import io.djong.content.ImageTarget;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.registry.RegistryPath;
import io.djong.registry.RegistryPath.ManifestAt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The place for images on a registry, as one user sees it. What another repository there has is
/// taken over instead of sent. Safe for use by several threads; for one copy.
public final class RegistryTarget implements ImageTarget {
  /// Opens a blob once more.
  @FunctionalInterface
  public interface Again {
    InputStream open(Descriptor blob) throws IOException;
  }

  /// Knows which other repository of the same registry has, or had, a blob.
  @FunctionalInterface
  public interface Mounts {
    /// @return the path of a repository on the registry, or null
    @Nullable String of(Descriptor blob) throws IOException;
  }

  private final Routing routing;
  private final Again again;
  private final Mounts mounts;
  private final Pause pause;

  /// By the abbreviated digest of the blob.
  private final Map<String, String> mounted = new ConcurrentHashMap<>();

  /// Uploads that the registry has begun already, when it could not take a blob over.
  private final Map<Digest, String> begun = new ConcurrentHashMap<>();

  RegistryTarget(Routing routing, Again again, Mounts mounts, Pause pause) {
    this.routing = routing;
    this.again = again;
    this.mounts = mounts;
    this.pause = pause;
  }

  /// Which repository a blob was taken over from; null if it was not.
  ///
  /// @param blob its abbreviated digest
  public @Nullable String mountedFrom(String blob) {
    return mounted.get(blob);
  }

  @Override
  public boolean contains(Repository in, Descriptor blob) throws IOException {
    Remote remote = routing.push(in);
    String path =
        isManifest(blob)
            ? new ManifestAt(remote.path(), blob.digest().toString()).toString()
            : new RegistryPath.Blob(remote.path(), blob.digest()).toString();
    Map<String, String> headers =
        isManifest(blob) ? Map.of("Accept", RegistrySource.ACCEPT) : Map.of();
    try (Exchange answer = remote.requests().ask("HEAD", path, headers, remote.push())) {
      if (answer.status() == 200) {
        return true;
      }
      if (answer.status() != 404) {
        throw Refusals.of(answer);
      }
    }
    return !isManifest(blob) && mount(remote, blob);
  }

  private static boolean isManifest(Descriptor blob) {
    return MediaType.isManifest(blob.mediaType()) || MediaType.isIndex(blob.mediaType());
  }

  /// OCI distribution specification, Mounting a blob from another repository.
  private boolean mount(Remote remote, Descriptor blob) throws IOException {
    String from = mounts.of(blob);
    if (from == null || from.equals(remote.path())) {
      return false;
    }
    String path =
        new RegistryPath.Uploads(remote.path()) + "?mount=" + blob.digest() + "&from=" + from;
    Requests requests = remote.requests();
    // Both repositories must be ours, or the registry only begins an upload.
    try (Exchange answer = requests.ask("POST", path, Map.of(), remote.mount(from))) {
      Server.drain(answer);
      String location = answer.header("Location");
      if (answer.status() == 201) {
        mounted.put(blob.digest().abbreviated(), from);
        return true;
      }
      if (answer.status() == 202 && location != null) {
        begun.put(blob.digest(), location);
      }
      return false;
    }
  }

  @Override
  public void put(Repository in, Descriptor blob, InputStream bytes) throws IOException {
    Remote remote = routing.push(in);
    if (isManifest(blob)) {
      putManifest(remote, blob.digest().toString(), blob.mediaType(), bytes.readAllBytes());
    } else {
      new BlobUpload(remote, blob, () -> again.open(blob), pause)
          .send(begun.remove(blob.digest()), bytes);
    }
  }

  @Override
  public void publish(Reference name, Document<Manifest> manifest) throws IOException {
    Remote remote = routing.push(name.repository());
    String reference =
        switch (name) {
          case Reference.Tag tag -> tag.tag();
          case Reference.Pin pin -> pin.digest().toString();
        };
    putManifest(remote, reference, manifest.descriptor().mediaType(), manifest.bytes());
  }

  private void putManifest(Remote remote, String reference, String type, byte[] bytes)
      throws IOException {
    Requests requests = remote.requests();
    String path = new ManifestAt(remote.path(), reference).toString();
    Attempts attempts = new Attempts(pause);
    while (true) {
      try (Exchange answer =
          requests.send(
              "PUT",
              requests.resolve(path),
              Map.of("Content-Type", type),
              remote.push(),
              new ByteArrayInputStream(bytes),
              bytes.length)) {
        if (answer.status() == 201 || answer.status() == 200) {
          Server.drain(answer);
          return;
        }
        if (!Attempts.mayPass(answer.status()) || !attempts.again(answer.header("Retry-After"))) {
          throw Refusals.of(answer);
        }
      } catch (IOException e) {
        attempts.again(e);
      }
    }
  }

  /// Removes a tag, or a manifest with all its tags.
  ///
  /// @throws io.djong.model.Fault.NotFound if it is not there
  public void delete(Reference name) throws IOException {
    Remote remote = routing.push(name.repository());
    String reference =
        switch (name) {
          case Reference.Tag tag -> tag.tag();
          case Reference.Pin pin -> pin.digest().toString();
        };
    try (Exchange answer =
        remote
            .requests()
            .ask(
                "DELETE",
                new ManifestAt(remote.path(), reference).toString(),
                Map.of(),
                remote.delete())) {
      if (answer.status() != 202 && answer.status() != 200) {
        throw Refusals.of(answer);
      }
      Server.drain(answer);
    }
  }
}
