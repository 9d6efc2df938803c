package io.djong.registry.server;

import io.djong.content.BlobWriter;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference.Repository;
import io.djong.registry.ByteRange;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import io.djong.registry.RegistryPath;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Blobs that come (OCI distribution specification, Pushing blobs): in one request, in two, in
/// chunks, or from another repository. Bytes that came before a cut are kept; the client asks how
/// many there are and goes on.
final class UploadRoutes {
  private static final int BUFFER = 64 << 10;

  private final Repositories repositories;
  private final Uploads uploads;
  private final long maxBlob;

  /// @param maxBlob the most bytes a blob may have
  UploadRoutes(Repositories repositories, Uploads uploads, long maxBlob) {
    this.repositories = repositories;
    this.uploads = uploads;
    this.maxBlob = maxBlob;
  }

  void begin(Call call, RegistryPath.Uploads path) throws IOException {
    String name = path.name();
    if (!call.method().equals("POST")) {
      throw call.unsupported("POST");
    }
    call.require(name, Action.PUSH);
    String mount = call.query("mount");
    if (mount != null && mounted(call, name, digest(mount))) {
      return;
    }
    String whole = call.query("digest");
    Digest promised = mount == null && whole != null ? digest(whole) : null;
    try (Uploads.Upload upload = uploads.begin(name)) {
      if (promised == null) {
        progress(call, name, upload, 202);
        return;
      }
      try {
        receive(call, upload.writer());
        commit(call, name, upload, promised);
      } finally {
        drop(upload); // Nobody learned its name, so nobody can go on with it.
      }
    }
  }

  private static void drop(Uploads.Upload upload) throws IOException {
    upload.writer().discard();
    upload.end();
  }

  void goOn(Call call, RegistryPath.Upload path) throws IOException, InterruptedException {
    String name = path.name();
    call.require(name, Action.PUSH);
    switch (call.method()) {
      case "GET", "HEAD" -> {
        try (Uploads.Upload upload = uploads.take(name, path.id())) {
          progress(call, name, upload, 204);
        }
      }
      case "PATCH" -> {
        try (Uploads.Upload upload = uploads.take(name, path.id())) {
          checkPlace(call, name, upload);
          receive(call, upload.writer());
          progress(call, name, upload, 202);
        }
      }
      case "PUT" -> {
        String digest = call.query("digest");
        if (digest == null) {
          throw new RegistryFault(RegistryError.DIGEST_INVALID, "digest parameter is missing");
        }
        Digest promised = digest(digest);
        try (Uploads.Upload upload = uploads.take(name, path.id())) {
          checkPlace(call, name, upload);
          receive(call, upload.writer());
          commit(call, name, upload, promised);
        }
      }
      case "DELETE" -> {
        try (Uploads.Upload upload = uploads.take(name, path.id())) {
          drop(upload);
          call.empty(204);
        }
      }
      default -> throw call.unsupported("GET, HEAD, PATCH, PUT, DELETE");
    }
  }

  /// Whether the blob could be mounted, and that was answered. Why it could not is not told: what a
  /// repository has is nobody's business who may not pull from it.
  private boolean mounted(Call call, String name, Digest digest) throws IOException {
    String said = call.query("from");
    String from = said == null || said.isEmpty() ? null : said;
    boolean allowed =
        from == null
            ? call.access().mayPullAll(call.caller())
            : Repository.isPath(from) && call.may(from, Action.PULL);
    if (!allowed || !repositories.mount(name, from, digest)) {
      return false;
    }
    created(call, name, digest);
    return true;
  }

  private void commit(Call call, String name, Uploads.Upload upload, Digest digest)
      throws IOException {
    try {
      repositories.commit(name, upload.writer(), digest);
    } catch (RegistryFault e) {
      drop(upload);
      throw e;
    }
    upload.end();
    created(call, name, digest);
  }

  private static void created(Call call, String name, Digest digest) throws IOException {
    call.response()
        .header("Location", new RegistryPath.Blob(name, digest).toString())
        .header("Docker-Content-Digest", digest.toString());
    call.empty(201);
  }

  private static void progress(Call call, String name, Uploads.Upload upload, int status)
      throws IOException {
    say(call, name, upload);
    call.empty(status);
  }

  private static void say(Call call, String name, Uploads.Upload upload) throws IOException {
    call.response()
        .header("Location", new RegistryPath.Upload(name, upload.id()).toString())
        .header("Range", "0-" + Math.max(0, upload.settle() - 1))
        .header("Docker-Upload-UUID", upload.id());
  }

  /// A chunk that says where it belongs must belong where we are.
  private static void checkPlace(Call call, String name, Uploads.Upload upload) throws IOException {
    String header = call.request().header("Content-Range");
    if (header == null) {
      return;
    }
    ByteRange range = ByteRange.parse(header);
    if (range == null || range.first() != upload.writer().position()) {
      say(call, name, upload);
      throw new RegistryFault(RegistryError.RANGE_INVALID, RegistryError.RANGE_INVALID.message());
    }
    long length = call.contentLength();
    if (length >= 0 && length != range.length()) {
      throw new RegistryFault(RegistryError.SIZE_INVALID, RegistryError.SIZE_INVALID.message());
    }
  }

  private void receive(Call call, BlobWriter writer) throws IOException {
    if (call.contentLength() > maxBlob - writer.position()) {
      throw tooLarge();
    }
    InputStream body = call.request().body();
    byte[] buffer = new byte[BUFFER];
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      if (n > maxBlob - writer.position()) {
        throw tooLarge();
      }
      writer.write(buffer, 0, n);
    }
  }

  private RefusedBody tooLarge() {
    return new RefusedBody(RegistryError.SIZE_INVALID, "a blob may have " + maxBlob + " bytes");
  }

  private static Digest digest(@Nullable String text) {
    try {
      return Digest.parse(text == null ? "" : text);
    } catch (Fault.Invalid e) {
      throw new RegistryFault(RegistryError.DIGEST_INVALID, e.getMessage());
    }
  }
}
