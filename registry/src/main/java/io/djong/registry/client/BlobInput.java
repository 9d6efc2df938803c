package io.djong.registry.client;

import io.djong.http.HttpClient.Exchange;
import io.djong.model.Descriptor;
import io.djong.model.Fault;
import io.djong.registry.ByteRange;
import io.djong.registry.RegistryPath;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The bytes of a blob on a registry, or of the end of one. Where the connection is cut it goes on
/// with a new one; gives up when several in a row brought nothing. The bytes are not verified here.
/// For one thread.
final class BlobInput extends InputStream {
  private final Remote remote;
  private final Descriptor blob;
  private final Attempts attempts;
  private final long end;
  private long position;
  private @Nullable Exchange answer;
  private @Nullable InputStream body;

  /// @param from the first byte that is wanted
  /// @param end behind the last one
  private BlobInput(Remote remote, Descriptor blob, long from, long end, Pause pause) {
    this.remote = remote;
    this.blob = blob;
    this.position = from;
    this.end = end;
    this.attempts = new Attempts(pause);
  }

  /// Opens a blob from one of its bytes on.
  ///
  /// @throws Fault.NotFound if it is not there
  static BlobInput open(Remote remote, Descriptor blob, long from, Pause pause) throws IOException {
    BlobInput input = new BlobInput(remote, blob, from, blob.size(), pause);
    input.connect();
    return input;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    while (true) {
      InputStream in = body == null ? connect() : body;
      try {
        // At the end one more is tried: whoever sends too much shall be found out.
        int n =
            in.read(bytes, offset, position == end ? 1 : (int) Math.min(length, end - position));
        if (n > 0) {
          position += n;
          attempts.progress();
          return n;
        }
        if (position >= end) {
          return -1;
        }
        throw new EOFException(
            "the registry "
                + remote.requests().server()
                + " ended blob "
                + blob.digest()
                + " after "
                + position
                + " of "
                + blob.size()
                + " bytes");
      } catch (IOException e) {
        disconnect();
        attempts.again(e);
      }
    }
  }

  private InputStream connect() throws IOException {
    if (position == blob.size() && position > 0) {
      body = InputStream.nullInputStream(); // All was there when the connection was lost.
      return body;
    }
    boolean part = position > 0;
    Exchange opened =
        remote
            .requests()
            .ask(
                "GET",
                new RegistryPath.Blob(remote.path(), blob.digest()).toString(),
                part ? Map.of("Range", "bytes=" + position + "-") : Map.of(),
                remote.pull());
    boolean kept = false;
    try {
      long skipped = check(opened);
      InputStream in = opened.body();
      in.skipNBytes(skipped);
      answer = opened;
      body = in;
      kept = true;
      return in;
    } finally {
      if (!kept) {
        opened.close();
      }
    }
  }

  /// Whether it is the answer that was asked for.
  ///
  /// @return how many bytes come before those that are wanted
  private long check(Exchange opened) throws IOException {
    int status = opened.status();
    if (status == 206) {
      String header = opened.header("Content-Range");
      ByteRange range = header == null ? null : ByteRange.parse(header);
      if (range == null
          || range.first() != position
          || range.last() != blob.size() - 1
          || !isOfSize(header)) {
        throw lies("gave the range " + Refusals.shown(String.valueOf(header)));
      }
      return 0;
    }
    if (status != 200) {
      throw Refusals.of(opened);
    }
    String length = opened.header("Content-Length");
    if (length != null && !length.strip().equals(Long.toString(blob.size()))) {
      throw lies("says that it has " + Refusals.shown(length) + " bytes");
    }
    return position;
  }

  private boolean isOfSize(@Nullable String range) {
    return range != null
        && (range.strip().endsWith("/" + blob.size()) || range.strip().endsWith("/*"));
  }

  private Fault lies(String what) {
    return new Fault.Invalid(
        "content "
            + blob.digest()
            + " is not what was promised: want "
            + blob.size()
            + " bytes from "
            + position
            + " on, and the registry "
            + remote.requests().server()
            + " "
            + what);
  }

  private void disconnect() throws IOException {
    Exchange opened = answer;
    answer = null;
    body = null;
    if (opened != null) {
      opened.close();
    }
  }

  @Override
  public void close() throws IOException {
    disconnect();
  }
}
