package io.djong.registry.server;

import io.djong.model.Digest;
import io.djong.registry.ByteRange;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import io.djong.registry.RegistryPath;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Blobs that are there (OCI distribution specification, Pulling blobs, Deleting blobs).
final class BlobRoutes {
  private static final String ALLOWED = "GET, HEAD, DELETE";

  private final Repositories repositories;
  private final @Nullable Upstream upstream;

  /// @param upstream null unless this is a mirror
  BlobRoutes(Repositories repositories, @Nullable Upstream upstream) {
    this.repositories = repositories;
    this.upstream = upstream;
  }

  void answer(Call call, RegistryPath.Blob path) throws IOException {
    switch (call.method()) {
      case "GET", "HEAD" -> read(call, path.name(), path.digest());
      case "DELETE" -> {
        call.require(path.name(), Action.DELETE);
        if (!repositories.deleteBlob(path.name(), path.digest())) {
          throw unknown(path.digest());
        }
        call.empty(202);
      }
      default -> throw call.unsupported(ALLOWED);
    }
  }

  private void read(Call call, String repository, Digest digest) throws IOException {
    call.require(repository, Action.PULL);
    if (upstream != null) {
      upstream.blob(repository, digest);
    }
    try (StoredBlob blob = repositories.blob(repository, digest)) {
      if (blob == null) {
        throw unknown(digest);
      }
      call.response()
          .header("Docker-Content-Digest", digest.toString())
          .header("ETag", '"' + digest.toString() + '"')
          .header("Cache-Control", "max-age=31536000, immutable")
          .header("Accept-Ranges", "bytes")
          .header("Content-Type", Call.OCTETS);
      if (matches(call.request().header("If-None-Match"), digest)) {
        call.empty(304);
      } else {
        send(call, blob);
      }
    }
  }

  static boolean matches(@Nullable String ifNoneMatch, Digest digest) {
    return ifNoneMatch != null && ifNoneMatch.contains(digest.toString());
  }

  private static void send(Call call, StoredBlob blob) throws IOException {
    String header = call.request().header("Range");
    ByteRange range;
    try {
      range = header == null ? null : ByteRange.ofRequest(header, blob.size());
    } catch (RegistryFault e) {
      call.response().header("Content-Range", "bytes */" + blob.size());
      throw e;
    }
    long from = range == null ? 0 : range.first();
    long count = range == null ? blob.size() : range.length();
    if (range != null) {
      call.response().status(206).header("Content-Range", range.of(blob.size()));
    }
    if (call.method().equals("HEAD")) {
      call.head(count);
    } else {
      blob.send(call.response(), from, count);
    }
  }

  private static RegistryFault unknown(Digest digest) {
    return new RegistryFault(
        RegistryError.BLOB_UNKNOWN,
        RegistryError.BLOB_UNKNOWN.message(),
        java.util.Map.of("digest", digest.toString()));
  }
}
