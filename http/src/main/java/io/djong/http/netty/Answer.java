package io.djong.http.netty;

import io.djong.http.HttpResponse;
import io.djong.http.RawStream;
import io.djong.model.Fault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/// The answer of an exchange.
final class Answer implements HttpResponse, BufferedOutput.Sink {
  private static final long UNKNOWN = -1;
  private static final int PIECE = 64 << 10;

  private final Connection connection;
  private final Exchange exchange;
  private final HttpHeaders headers = new DefaultHttpHeaders();
  private int status = 200;
  private volatile boolean committed;
  private boolean bodiless;
  private boolean chunked;
  private long promised = UNKNOWN;
  private long sent;
  private @Nullable BufferedOutput stream;
  private @Nullable RawStream raw;

  Answer(Connection connection, Exchange exchange) {
    this.connection = connection;
    this.exchange = exchange;
  }

  @Override
  public HttpResponse status(int code) {
    requireUncommitted();
    status = code;
    return this;
  }

  @Override
  public HttpResponse header(String name, String value) {
    requireUncommitted();
    headers.set(name, value);
    return this;
  }

  @Override
  public boolean committed() {
    return committed;
  }

  @Override
  public void send(byte[] body) throws IOException {
    commit(body.length);
    ByteBuf bytes = bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
    connection.outbound().awaitRoom();
    connection
        .outbound()
        .send(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, code(), bytes, headers, EmptyHttpHeaders.INSTANCE));
  }

  @Override
  public OutputStream stream() throws IOException {
    String length = headers.get("Content-Length");
    requireUncommitted();
    if (status < 300) {
      // Once the answer has begun the client can no longer be asked for its body.
      exchange.invite();
    }
    commit(length == null ? UNKNOWN : Long.parseLong(length));
    BufferedOutput output = new BufferedOutput(connection.allocator(), this, false);
    stream = output;
    connection.outbound().send(new DefaultHttpResponse(HttpVersion.HTTP_1_1, code(), headers));
    return output;
  }

  @Override
  public void sendFile(FileChannel file, long position, long count) throws IOException {
    if (connection.secure() != null) {
      sendThroughMemory(file, position, count);
      return;
    }
    commit(count);
    connection.outbound().send(new DefaultHttpResponse(HttpVersion.HTTP_1_1, code(), headers));
    if (!bodiless && count > 0) {
      connection.outbound().sendAndAwait(new Region(file, position, count));
    }
    connection.outbound().send(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /// The kernel cannot encrypt what it sends from a file.
  private void sendThroughMemory(FileChannel file, long position, long count) throws IOException {
    header("Content-Length", Long.toString(count));
    try (OutputStream out = stream()) {
      ByteBuffer buffer = ByteBuffer.allocate(PIECE);
      long end = bodiless ? position : position + count;
      for (long at = position; at < end; ) {
        buffer.clear().limit((int) Math.min(PIECE, end - at));
        int n = file.read(buffer, at);
        if (n < 0) {
          throw new IOException("the file ended before " + end);
        }
        out.write(buffer.array(), 0, n);
        at += n;
      }
    }
  }

  @Override
  public RawStream upgrade(@Nullable String protocol) throws IOException {
    return upgrade(protocol, null);
  }

  @Override
  public RawStream upgradeToWebSocket(boolean text) throws IOException {
    String key = exchange.header("Sec-WebSocket-Key");
    if (key == null || !"websocket".equalsIgnoreCase(exchange.header("Upgrade"))) {
      throw new Fault.Invalid("this is no WebSocket handshake");
    }
    if (!"13".equals(exchange.header("Sec-WebSocket-Version"))) {
      headers.set("Sec-WebSocket-Version", "13");
      throw new Fault.Invalid("only version 13 of the WebSocket protocol is spoken");
    }
    headers.set("Sec-WebSocket-Accept", WebSocketFrames.accept(key));
    return upgrade("websocket", new WebSocketFrames(text));
  }

  private RawStream upgrade(@Nullable String protocol, @Nullable WebSocketFrames frames)
      throws IOException {
    requireUncommitted();
    // What is left of the body must not be taken for the raw stream's first bytes.
    exchange.inbound().transferTo(OutputStream.nullOutputStream());
    committed = true;
    if (protocol == null) {
      status = 200;
    } else {
      status = 101;
      headers.set("Connection", "Upgrade");
      headers.set("Upgrade", protocol);
    }
    connection.answersHead(false);
    Inbound input =
        connection.becomeRaw(
            new DefaultHttpResponse(HttpVersion.HTTP_1_1, code(), headers), frames);
    RawStream opened = new ConnectionStream(connection, input);
    raw = opened;
    return opened;
  }

  @Override
  public void awaitRoom() throws IOException {
    connection.outbound().awaitRoom();
  }

  @Override
  public void send(ByteBuf bytes) throws IOException {
    sent += bytes.readableBytes();
    if (bodiless) {
      bytes.release();
    } else if (promised != UNKNOWN && sent > promised) {
      bytes.release();
      throw new IOException("more bytes written than the Content-Length of " + promised);
    } else {
      connection.outbound().send(new DefaultHttpContent(bytes));
    }
  }

  @Override
  public void end() throws IOException {
    if (!bodiless && promised != UNKNOWN && sent < promised) {
      connection.abort();
      throw new IOException("fewer bytes written than the Content-Length of " + promised);
    }
    connection.outbound().send(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /// Ends what the handler left open; an answer without a body if it gave none.
  void complete() throws IOException {
    if (!committed) {
      send(new byte[0]);
    } else if (stream != null) {
      stream.close();
    } else if (raw != null) {
      raw.close();
    }
  }

  /// Answers that we failed, without details.
  void fail() throws IOException {
    headers.clear();
    status = 500;
    send(new byte[0]);
  }

  /// Whether the connection must end for the client to see where the answer ends, or because it was
  /// said.
  boolean last() {
    return !bodiless && !chunked && promised == UNKNOWN;
  }

  private void commit(long length) {
    requireUncommitted();
    committed = true;
    boolean none = status == 204 || status == 304;
    bodiless = none || exchange.isHead();
    promised = length;
    headers.remove("Transfer-Encoding");
    headers.remove("Connection");
    if (none) {
      headers.remove("Content-Length");
    } else if (length != UNKNOWN) {
      headers.set("Content-Length", Long.toString(length));
    } else if (!exchange.isOld()) {
      chunked = true;
      headers.set("Transfer-Encoding", HttpHeaderValues.CHUNKED);
    }
    if (!headers.contains("Date")) {
      headers.set("Date", now());
    }
    if (connection.last() || exchange.last() || last()) {
      connection.endAfterAnswer();
      headers.set("Connection", HttpHeaderValues.CLOSE);
    } else if (exchange.isOld()) {
      headers.set("Connection", HttpHeaderValues.KEEP_ALIVE);
    }
    connection.answersHead(exchange.isHead());
  }

  // Netty's formatter takes a Date; java.time has no IMF-fixdate and loads far more classes.
  @SuppressWarnings("JavaUtilDate")
  private static String now() {
    return DateFormatter.format(new Date());
  }

  private HttpResponseStatus code() {
    return HttpResponseStatus.valueOf(status);
  }

  private void requireUncommitted() {
    if (committed) {
      throw new IllegalStateException("the answer has begun");
    }
  }

  /// The file stays the handler's: it is not closed with the region.
  private static final class Region extends DefaultFileRegion {
    Region(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {}
  }
}
