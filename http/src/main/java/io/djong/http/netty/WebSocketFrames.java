package io.djong.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Makes bytes of a WebSocket's frames and frames of bytes (RFC 6455), and gives the answers that
/// the protocol itself wants. A client's close is the end of its input; our own frame of that kind
/// is sent once, before our output ends. For the event loop.
// A write that fails makes the channel inactive, which is where failure is handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class WebSocketFrames extends ChannelDuplexHandler {
  /// RFC 6455, 1.3.
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int MAX_FRAME = 1 << 20;

  private final boolean text;
  private boolean closed;

  /// @param text whether bytes are sent as text
  WebSocketFrames(boolean text) {
    this.text = text;
  }

  /// What `Sec-WebSocket-Accept` has to say to this key.
  static String accept(String key) {
    try {
      byte[] asked = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(asked));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /// Puts it, and what takes frames apart, before a handler of plain bytes.
  void addBefore(ChannelPipeline pipeline, String name) {
    WebSocketDecoderConfig rules =
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(true)
            .allowExtensions(false)
            .maxFramePayloadLength(MAX_FRAME)
            .withUTF8Validator(false)
            .build();
    pipeline.addBefore(name, "frame decoder", new WebSocket13FrameDecoder(rules));
    pipeline.addBefore(name, "frame encoder", new WebSocket13FrameEncoder(false));
    pipeline.addBefore(name, "frames", this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof WebSocketFrame frame)) {
      context.fireChannelRead(message);
      return;
    }
    switch (frame) {
      case PingWebSocketFrame ping -> context.writeAndFlush(new PongWebSocketFrame(ping.content()));
      case PongWebSocketFrame pong -> pong.release();
      case CloseWebSocketFrame close -> {
        close.release();
        end(context);
        context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      }
      default -> context.fireChannelRead(frame.content());
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
      context.write(message, promise);
    } else if (closed) {
      // Nothing may follow a close.
      bytes.release();
      promise.setFailure(new java.io.IOException("the client closed the connection"));
    } else {
      context.write(
          text ? new TextWebSocketFrame(bytes) : new BinaryWebSocketFrame(bytes), promise);
    }
  }

  /// Says that nothing follows, if that was not said yet.
  void end(ChannelHandlerContext context) {
    if (!closed) {
      closed = true;
      context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE, ""));
    }
  }
}
