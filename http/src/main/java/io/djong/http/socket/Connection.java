package io.djong.http.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ChunkedOutputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthOutputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestWriter;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/// One connection to the server, for one exchange at a time.
final class Connection implements AutoCloseable {
  private static final int BUFFER = 16 << 10;
  private static final int BODY_BUFFER = 128 << 10;

  private final Wire wire;
  private final InputStream in;
  private final OutputStream out;
  private final SessionInputBufferImpl inBuffer = new SessionInputBufferImpl(BUFFER);
  private final SessionOutputBufferImpl outBuffer = new SessionOutputBufferImpl(BUFFER);

  private long idleSince;

  Connection(Wire wire) {
    this.wire = wire;
    this.in = wire.input();
    this.out = wire.output();
  }

  /// Notes that nobody uses it from now on.
  void rest() {
    idleSince = System.nanoTime();
  }

  /// How long nobody has used it.
  long restedNanos() {
    return System.nanoTime() - idleSince;
  }

  /// Sends a request with its body.
  ///
  /// @param length of the body, -1 if unknown
  void write(BasicClassicHttpRequest request, @Nullable InputStream body, long length)
      throws IOException {
    try {
      new DefaultHttpRequestWriter().write(request, outBuffer, out);
    } catch (HttpException e) {
      throw new IOException("writing a request", e);
    }
    if (body != null) {
      if (length < 0) {
        outBuffer.flush(out); // A body that is still being made may come minutes after the head.
      }
      OutputStream framed =
          length < 0
              ? new ChunkedOutputStream(outBuffer, out, BUFFER)
              : new ContentLengthOutputStream(outBuffer, out, length);
      byte[] buffer = new byte[length >= 0 && length < BUFFER ? BUFFER : BODY_BUFFER];
      for (int read; (read = read(body, buffer)) >= 0; ) {
        framed.write(buffer, 0, read);
      }
      framed.close(); // Only a whole body gets its end: the server must not take a part for all.
    }
    outBuffer.flush(out);
  }

  private static int read(InputStream body, byte[] buffer) throws UnreadableBody {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new UnreadableBody(e);
    }
  }

  /// The caller's body failed, not the connection.
  static final class UnreadableBody extends IOException {
    private final IOException reason;

    UnreadableBody(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    IOException reason() {
      return reason;
    }
  }

  /// Reads the next head; interim answers are passed over, but for 101.
  ClassicHttpResponse read() throws IOException {
    try {
      ClassicHttpResponse head;
      do {
        head = new DefaultHttpResponseParser().parse(inBuffer, in);
      } while (head != null && head.getCode() < 200 && head.getCode() != 101);
      if (head == null) {
        throw new IOException("the server closed the connection without an answer");
      }
      return head;
    } catch (HttpException e) {
      throw new IOException("the server's answer is not HTTP", e);
    }
  }

  InputStream chunked() {
    return new ChunkedInputStream(inBuffer, in);
  }

  InputStream ofLength(long length) {
    return new ContentLengthInputStream(inBuffer, in, length);
  }

  /// What follows, until the server ends its side.
  InputStream unframed() {
    return new IdentityInputStream(inBuffer, in);
  }

  OutputStream unframedOutput() {
    return out;
  }

  void shutdownOutput() throws IOException {
    wire.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
