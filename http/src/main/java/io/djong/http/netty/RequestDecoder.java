package io.djong.http.netty;

import io.djong.http.HttpServer.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Decodes one request at a time. The bytes after it stay here until [#next], or go on as they are
/// when the decoder is removed: they may belong to another protocol. For the event loop alone.
final class RequestDecoder extends HttpRequestDecoder {
  private final Runnable headBegun;
  private boolean held;
  private boolean awaiting = true;
  private boolean inputEnded;

  /// @param headBegun run at the first byte of each request
  RequestDecoder(Limits limits, Runnable headBegun) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.requestLine())
            .setMaxHeaderSize(limits.headers())
            .setMaxChunkSize(64 << 10)
            .setStrictLineParsing(true));
    this.headBegun = headBegun;
  }

  /// Bytes that came after the request being answered.
  int waiting() {
    return held ? actualReadableBytes() : 0;
  }

  /// Whether the client shut down its output after the bytes that wait.
  boolean inputEnded() {
    return inputEnded;
  }

  /// Whether not a byte of the next request has come.
  boolean awaitingHead() {
    return awaiting;
  }

  /// Goes on to the next request.
  void next(ChannelHandlerContext context) throws Exception {
    held = false;
    awaiting = true;
    if (actualReadableBytes() > 0) {
      begin();
      super.channelRead(context, Unpooled.EMPTY_BUFFER);
    }
    if (inputEnded && waiting() == 0) {
      inputEnded = false;
      super.userEventTriggered(context, ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (awaiting && !held) {
      begin();
    }
    super.channelRead(context, message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    // The end of input would drop what is kept here.
    if (event instanceof ChannelInputShutdownEvent && waiting() > 0) {
      inputEnded = true;
    } else {
      super.userEventTriggered(context, event);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (held) {
      return;
    }
    super.decode(context, in, out);
    held = !out.isEmpty() && out.getLast() instanceof LastHttpContent;
  }

  // RFC 9112, 6.3: a message with both is likely an attempt at request smuggling.
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }

  private void begin() {
    awaiting = false;
    headBegun.run();
  }
}
