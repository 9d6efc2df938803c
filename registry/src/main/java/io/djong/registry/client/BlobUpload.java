package io.djong.registry.client;

import io.djong.http.HttpClient.Exchange;
import io.djong.model.Descriptor;
import io.djong.registry.ByteRange;
import io.djong.registry.RegistryPath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sends one blob: in one piece as long as that works, and what is missing in another when the way
/// was cut (OCI distribution specification, Pushing blobs). For one thread.
final class BlobUpload {
  private final Remote remote;
  private final Requests requests;
  private final Descriptor blob;
  private final Opener again;
  private final Attempts attempts;

  /// Opens the bytes from their beginning.
  @FunctionalInterface
  interface Opener {
    InputStream open() throws IOException;
  }

  BlobUpload(Remote remote, Descriptor blob, Opener again, Pause pause) {
    this.remote = remote;
    this.requests = remote.requests();
    this.blob = blob;
    this.again = again;
    this.attempts = new Attempts(pause);
  }

  /// @param begun the location of an upload that was begun; null begins one
  void send(@Nullable String begun, InputStream bytes) throws IOException {
    URI location = begun == null ? begin() : requests.resolve(begun);
    Source first = new Source(bytes);
    try {
      if (finish(location, first, 0)) {
        return;
      }
    } catch (IOException e) {
      first.check();
      attempts.again(e);
    }
    long position = -1;
    while (true) {
      try {
        Progress there = ask(location);
        if (there == null) {
          location = begin();
          there = new Progress(location, 0);
        }
        if (there.position() > position) {
          attempts.progress();
        }
        position = there.position();
        location = there.location();
        try (InputStream opened = again.open()) {
          opened.skipNBytes(position);
          Source rest = new Source(opened);
          if (position > 0) {
            location = append(location, rest, position);
            rest = new Source(InputStream.nullInputStream());
            position = blob.size();
          }
          if (finish(location, rest, position)) {
            return;
          }
        }
      } catch (IOException e) {
        attempts.again(e);
      }
    }
  }

  /// How far an upload has come, and where it goes on.
  private record Progress(URI location, long position) {}

  private URI begin() throws IOException {
    try (Exchange answer =
        requests.ask(
            "POST", new RegistryPath.Uploads(remote.path()).toString(), Map.of(), remote.push())) {
      String location = answer.header("Location");
      if (answer.status() != 202 || location == null) {
        throw Refusals.of(answer);
      }
      Server.drain(answer);
      return requests.resolve(location);
    }
  }

  /// Sends what is left and ends the upload.
  ///
  /// @return false if it may be tried again
  private boolean finish(URI location, InputStream rest, long position) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/octet-stream");
    String query = location.getRawQuery();
    URI address = URI.create(location + (query == null ? "?" : "&") + "digest=" + blob.digest());
    long left = blob.size() - position;
    try (Exchange answer = requests.send("PUT", address, headers, remote.push(), rest, left)) {
      if (answer.status() == 201 || answer.status() == 200 || answer.status() == 204) {
        Server.drain(answer);
        return true;
      }
      return retry(answer);
    }
  }

  private boolean retry(Exchange answer) throws IOException {
    boolean may =
        Attempts.mayPass(answer.status()) || answer.status() == 416 || answer.status() == 404;
    if (!may || !attempts.again(answer.header("Retry-After"))) {
      throw Refusals.of(answer);
    }
    return false;
  }

  private URI append(URI location, InputStream rest, long position) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/octet-stream");
    long left = blob.size() - position;
    if (left == 0) {
      return location;
    }
    headers.put("Content-Range", new ByteRange(position, blob.size() - 1).toString());
    try (Exchange answer = requests.send("PATCH", location, headers, remote.push(), rest, left)) {
      if (answer.status() != 202 && answer.status() != 204) {
        throw Refusals.of(answer);
      }
      Server.drain(answer);
      String next = answer.header("Location");
      return next == null ? location : requests.resolve(next);
    }
  }

  /// Null if the registry knows nothing of the upload any more.
  private @Nullable Progress ask(URI location) throws IOException {
    try (Exchange answer = requests.ask("GET", location.toString(), Map.of(), remote.push())) {
      if (answer.status() != 204 && answer.status() != 202 && answer.status() != 200) {
        return null;
      }
      Server.drain(answer);
      String next = answer.header("Location");
      String said = answer.header("Range");
      ByteRange range = said == null ? null : ByteRange.parse(said);
      // Docker's registry says 0-0 for nothing; one byte sent twice does no harm, one left out
      // does.
      long position = range == null || range.last() == 0 ? 0 : range.last() + 1;
      if (position > blob.size()) {
        return null;
      }
      return new Progress(next == null ? location : requests.resolve(next), position);
    }
  }

  /// Tells a source that cannot be read from a registry that cannot be written.
  private static final class Source extends FilterInputStream {
    private @Nullable IOException failure;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    void check() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void close() {} // Whoever opened it closes it.
  }
}
