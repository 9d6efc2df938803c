package io.djong.http.socket;

import io.djong.http.HttpClient;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/// An answer on its connection. The connection is used again once the body was read to its end.
final class SocketExchange implements HttpClient.Exchange {
  private final SocketHttpClient client;
  private final Connection connection;
  private final ClassicHttpResponse head;
  private final Body body;
  private final boolean reusable;
  private boolean closed;

  /// @param bodiless whether HEAD was asked
  SocketExchange(
      SocketHttpClient client, Connection connection, ClassicHttpResponse head, boolean bodiless)
      throws IOException {
    this.client = client;
    this.connection = connection;
    this.head = head;
    String coding = header("Transfer-Encoding");
    String length = header("Content-Length");
    int code = head.getCode();
    boolean framed = true;
    if (bodiless || code == 204 || code == 304) {
      body = new Body(InputStream.nullInputStream());
      body.ended = true;
    } else if (coding != null && coding.equalsIgnoreCase("chunked")) {
      body = new Body(connection.chunked());
    } else if (length != null) {
      body = new Body(connection.ofLength(parse(length)));
    } else {
      body = new Body(connection.unframed());
      framed = false;
    }
    this.reusable = framed && !"close".equalsIgnoreCase(header("Connection"));
  }

  @Override
  public int status() {
    return head.getCode();
  }

  @Override
  public @Nullable String header(String name) {
    Header first = head.getFirstHeader(name);
    return first == null ? null : first.getValue();
  }

  @Override
  public List<String> headers(String name) {
    List<String> all = new ArrayList<>();
    for (Header each : head.getHeaders(name)) {
      all.add(each.getValue());
    }
    return all;
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (reusable && body.ended) {
      client.reuse(connection);
    } else {
      connection.close();
    }
  }

  private static long parse(String length) throws IOException {
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new IOException("the server's Content-Length is no number: " + length, e);
    }
  }

  /// Remembers that the end was seen. Closing does not read on to it, as HttpCore's streams do: the
  /// body may be endless.
  private static final class Body extends FilterInputStream {
    private boolean ended;

    Body(InputStream framed) {
      super(framed);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      ended |= one < 0;
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int some = super.read(into, offset, length);
      ended |= some < 0;
      return some;
    }

    @Override
    public void close() {}
  }
}
