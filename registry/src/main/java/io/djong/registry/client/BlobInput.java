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

/// The bytes of a blob on a registry, or of a part of one. Where the connection is cut it goes on
/// with a new one; gives up when several in a row brought nothing. The bytes are not verified here.
/// For one thread.
final class BlobInput extends InputStream {
  private final Remote remote;
  private final Descriptor blob;
  private final Manner manner;
  private final Attempts attempts;
  private final long end;
  private long position;
  private boolean ranges;
  private @Nullable Exchange answer;
  private @Nullable InputStream body;

  /// How it is asked for.
  private enum Manner {
    /// From one byte to the blob's end, by a range where that is not the first one. A server
    /// without ranges is read from the beginning.
    REST,
    /// One range, and nothing else will do.
    PART,
    /// As a part, and not again where the server wants to be asked less.
    PART_IF_WELCOME,
    /// Without any range: the first bytes are passed over.
    WHOLE
  }

  /// @param from the first byte that is wanted
  /// @param end behind the last one
  private BlobInput(
      Remote remote, Descriptor blob, Manner manner, long from, long end, Pause pause) {
    this.remote = remote;
    this.blob = blob;
    this.manner = manner;
    this.position = from;
    this.end = end;
    this.attempts = new Attempts(pause);
  }

  /// Opens a blob from one of its bytes on.
  ///
  /// @throws Fault.NotFound if it is not there
  static BlobInput open(Remote remote, Descriptor blob, long from, Pause pause) throws IOException {
    BlobInput input = new BlobInput(remote, blob, Manner.REST, from, blob.size(), pause);
    input.connect();
    return input;
  }

  /// A part of a blob, asked for with the first read.
  ///
  /// @param patient whether it waits where the server wants to be asked less
  static BlobInput part(
      Remote remote, Descriptor blob, long from, long end, boolean patient, Pause pause) {
    Manner manner = patient ? Manner.PART : Manner.PART_IF_WELCOME;
    return new BlobInput(remote, blob, manner, from, end, pause);
  }

  /// A blob from one of its bytes on, of a server that cannot be asked for parts; asked for with
  /// the first read.
  static BlobInput whole(Remote remote, Descriptor blob, long from, Pause pause) {
    return new BlobInput(remote, blob, Manner.WHOLE, from, blob.size(), pause);
  }

  /// The next byte.
  long position() {
    return position;
  }

  /// Behind the last byte.
  long end() {
    return end;
  }

  /// Whether the server gave a part, or said that it would.
  boolean ranges() {
    return ranges;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /// @throws UnsoundRange if it is a part, and the server gives something else
  /// @throws TooManyRequests if it is a part, and it should not wait
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    while (true) {
      InputStream in = body == null ? connect() : body;
      int n;
      try {
        // At the end one more is tried: whoever sends too much shall be found out.
        n = in.read(bytes, offset, position == end ? 1 : (int) Math.min(length, end - position));
        if (n < 0 && position < end && !isPart()) {
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
        }
      } catch (IOException e) {
        disconnect();
        attempts.again(e);
        continue;
      }
      if (isPart() && (n > 0) == (position == end)) {
        throw unsound(n > 0 ? "a longer one" : "a shorter one");
      }
      if (n > 0) {
        position += n;
        attempts.progress();
      }
      return n;
    }
  }

  private boolean isPart() {
    return manner == Manner.PART || manner == Manner.PART_IF_WELCOME;
  }

  private InputStream connect() throws IOException {
    if (position == end && position > 0) {
      body = InputStream.nullInputStream(); // All was there when the connection was lost.
      return body;
    }
    Exchange opened =
        remote
            .requests()
            .ask(
                "GET",
                new RegistryPath.Blob(remote.path(), blob.digest()).toString(),
                range(),
                remote.pull(),
                manner != Manner.PART_IF_WELCOME);
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

  private Map<String, String> range() {
    return switch (manner) {
      case WHOLE -> Map.of();
      case REST -> position == 0 ? Map.of() : Map.of("Range", "bytes=" + position + "-");
      case PART, PART_IF_WELCOME ->
          Map.of("Range", "bytes=" + new ByteRange(position, end - 1).toString());
    };
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
          || range.last() != end - 1
          || !isOfSize(header)) {
        String shown = Refusals.shown(String.valueOf(header));
        if (isPart()) {
          throw unsound(shown);
        }
        throw lies("gave the range " + shown);
      }
      ranges = true;
      return 0;
    }
    if (manner == Manner.PART_IF_WELCOME && Attempts.asksForLess(status)) {
      throw new TooManyRequests(
          "the registry " + remote.requests().server() + " wants fewer requests");
    }
    if (isPart() && (status == 200 || status == 416)) {
      throw unsound("status " + status);
    }
    if (status != 200) {
      throw Refusals.of(opened);
    }
    String length = opened.header("Content-Length");
    if (length != null && !length.strip().equals(Long.toString(blob.size()))) {
      throw lies("says that it has " + Refusals.shown(length) + " bytes");
    }
    String accepts = opened.header("Accept-Ranges");
    ranges = accepts != null && accepts.strip().equalsIgnoreCase("bytes");
    return position;
  }

  private boolean isOfSize(@Nullable String range) {
    return range != null
        && (range.strip().endsWith("/" + blob.size()) || range.strip().endsWith("/*"));
  }

  private UnsoundRange unsound(String gave) {
    return new UnsoundRange(
        "the registry "
            + remote.requests().server()
            + " was asked for the range "
            + position
            + "-"
            + (end - 1)
            + " of blob "
            + blob.digest()
            + " and gave "
            + gave);
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
