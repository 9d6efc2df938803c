package io.djong.http.netty;

import io.djong.http.HttpHandler;
import io.djong.http.HttpServer.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One client's connection: reads its requests one after the other, each answered before the next
/// is looked at, until it ends or becomes a raw stream.
///
/// What is not said to be for any thread belongs to the event loop.
// A write or close that fails makes the channel inactive, which is where failure is handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final int DRAIN = 256 << 10;

  private final Channel channel;
  private final HttpHandler handler;
  private final Limits limits;
  private final Outbound outbound;
  private final ResponseEncoder encoder = new ResponseEncoder();
  private final RequestDecoder decoder;
  private final @Nullable SslHandler secure;
  private @Nullable Future<?> timer;
  private @Nullable Exchange exchange;
  private @Nullable Inbound raw;
  private @Nullable WebSocketFrames frames;
  private int drained;
  private boolean draining;
  private boolean finishing;
  private boolean flushed;
  private boolean inputShutdown;
  private volatile boolean last;

  /// @param secure null for plain bytes
  Connection(Channel channel, HttpHandler handler, Limits limits, @Nullable SslHandler secure) {
    this.secure = secure;
    this.channel = channel;
    this.handler = handler;
    this.limits = limits;
    this.outbound = new Outbound(channel);
    this.decoder = new RequestDecoder(limits, () -> within(limits.head(), this::headTooSlow));
  }

  void addTo(ChannelPipeline pipeline) {
    if (secure != null) {
      pipeline.addLast(secure);
    }
    pipeline.addLast(encoder).addLast(decoder).addLast(this);
  }

  /// Null for plain bytes. For any thread.
  @Nullable SslHandler secure() {
    return secure;
  }

  /// For any thread.
  Outbound outbound() {
    return outbound;
  }

  /// For any thread.
  ByteBufAllocator allocator() {
    return channel.alloc();
  }

  /// Who is at the other end. For any thread.
  String peer() {
    return Peer.of(channel);
  }

  /// Whether the connection ends after the answer being given. For any thread.
  boolean last() {
    return last;
  }

  /// Ends the connection at once if no request is being answered, else after the answer. For any
  /// thread.
  void endSoon() {
    last = true;
    later(
        () -> {
          if (exchange == null) {
            channel.close();
          }
        });
  }

  /// The answer being given is the last. For any thread.
  void endAfterAnswer() {
    last = true;
  }

  /// Ends the connection at once. For any thread.
  void abort() {
    channel.close();
  }

  /// Whether the answer that follows has no body because HEAD was asked. For the thread that
  /// answers.
  void answersHead(boolean yes) {
    encoder.head(yes);
  }

  /// For any thread.
  void shutdownOutput() {
    later(
        () -> {
          endFrames();
          channel
              .writeAndFlush(Unpooled.EMPTY_BUFFER)
              .addListener(
                  (ChannelFutureListener) sent -> ((DuplexChannel) channel).shutdownOutput());
        });
  }

  private void endFrames() {
    WebSocketFrames open = frames;
    ChannelHandlerContext context = open == null ? null : channel.pipeline().context(open);
    if (open != null && context != null) {
      open.end(context);
    }
  }

  /// Ends the connection once the client has what was sent: our output is shut down after it, and
  /// input is dropped until the client's end, for closing with unread input would take from the
  /// client what it has not read yet. For any thread.
  void finish() {
    later(this::linger);
  }

  /// Leaves HTTP behind. For the thread that answers.
  ///
  /// @param head the answer before the raw stream
  /// @param wrapped makes a WebSocket of it; null for bytes as they are
  Inbound becomeRaw(Object head, @Nullable WebSocketFrames wrapped) throws IOException {
    CompletableFuture<Inbound> done = new CompletableFuture<>();
    boolean taken =
        later(
            () -> {
              if (!channel.isActive()) {
                done.completeExceptionally(new IOException("the client closed the connection"));
                return;
              }
              Inbound stream = new Inbound(this::readMoreSoon, null);
              raw = stream;
              quiet();
              channel.writeAndFlush(head);
              boolean ended = decoder.inputEnded() || inputShutdown;
              if (wrapped != null) {
                frames = wrapped;
                wrapped.addBefore(channel.pipeline(), channel.pipeline().context(this).name());
              }
              channel.pipeline().remove(encoder).remove(decoder);
              if (ended) {
                inputShutdown = true;
                stream.end();
              }
              readMore();
              done.complete(stream);
            });
    if (!taken) {
      throw new IOException("the server stopped");
    }
    try {
      return done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while upgrading", e);
    } catch (ExecutionException e) {
      throw new IOException("upgrading the connection", e.getCause());
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    within(limits.head(), this::headTooSlow);
    readMore();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (finishing) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf bytes && raw != null) {
      raw.add(bytes);
    } else {
      if (message instanceof HttpRequest request) {
        begin(request);
      }
      if (message instanceof HttpContent content) {
        body(content);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readMore();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    outbound.wake();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !inputShutdown) {
      inputShutdown = true;
      inputEnded(new IOException("the client ended its request too early"));
      if (flushed) {
        channel.close();
      } else if (exchange == null) {
        linger();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    quiet();
    IOException gone = new IOException("the client closed the connection");
    outbound.fail(gone);
    inputEnded(gone);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    outbound.fail(cause);
    channel.close();
  }

  private void begin(HttpRequest head) {
    quiet();
    HttpResponseStatus refusal = RequestRules.refusal(head);
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    boolean expects =
        head.headers().containsValue(HttpHeaderNames.EXPECT, "100-continue", true)
            && head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    Exchange begun = new Exchange(this, head, expects, this::readMoreSoon);
    exchange = begun;
    awaitBody();
    Thread.ofVirtual().name("http").start(() -> begun.answer(handler, () -> answered(begun)));
  }

  private void body(HttpContent content) {
    Exchange current = exchange;
    if (current == null) {
      content.release();
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      last = true;
      current.inbound().fail(new IOException("the request's body is malformed"));
      if (draining) {
        linger();
      }
      return;
    }
    boolean end = content instanceof LastHttpContent;
    if (draining) {
      drained += content.content().readableBytes();
    }
    current.inbound().add(content.content());
    if (end) {
      current.inbound().end();
      if (draining) {
        next();
      } else {
        quiet();
      }
    } else if (!draining) {
      awaitBody();
    } else if (drained > DRAIN) {
      linger();
    }
  }

  private void awaitBody() {
    if (!limits.body().isZero()) {
      within(limits.body(), this::bodyTooSlow);
    }
  }

  private void bodyTooSlow() {
    Exchange current = exchange;
    if (current == null || raw != null || draining || finishing || current.inbound().complete()) {
      return;
    }
    if (!current.inbound().hasRoom() || current.undecided()) {
      awaitBody(); // It is we who do not read, or did not ask for it yet.
      return;
    }
    last = true;
    current.inbound().fail(new IOException("the client stopped sending its request"));
  }

  // For any thread.
  private void answered(Exchange answered) {
    later(
        () -> {
          if (exchange != answered || raw != null || finishing) {
            return;
          }
          Inbound body = answered.inbound();
          body.discard();
          if (last || answered.undecided()) {
            linger();
          } else if (body.complete()) {
            next();
          } else if (inputShutdown) {
            linger();
          } else {
            draining = true;
            within(LINGER, this::linger);
          }
        });
  }

  private void next() {
    exchange = null;
    draining = false;
    drained = 0;
    if (inputShutdown) {
      linger();
      return;
    }
    within(limits.idle(), channel::close);
    ChannelHandlerContext context = channel.pipeline().context(decoder);
    if (context == null) {
      return;
    }
    try {
      decoder.next(context);
    } catch (Exception e) {
      exceptionCaught(context, e);
      return;
    }
    readMore();
  }

  private void refuse(HttpResponseStatus status) {
    DefaultFullHttpResponse answer =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    answer
        .headers()
        .set(HttpHeaderNames.CONTENT_LENGTH, "0")
        .set(HttpHeaderNames.CONNECTION, "close");
    encoder.head(false);
    channel.writeAndFlush(answer);
    linger();
  }

  private void headTooSlow() {
    if (decoder.awaitingHead()) {
      channel.close();
    } else {
      refuse(HttpResponseStatus.REQUEST_TIMEOUT);
    }
  }

  private void linger() {
    if (finishing) {
      return;
    }
    finishing = true;
    inputShutdown |= decoder.inputEnded();
    if (channel.pipeline().context(decoder) != null) {
      channel.pipeline().remove(decoder);
    }
    Inbound stream = raw;
    if (stream != null) {
      stream.discard();
    }
    within(limits.idle(), channel::close);
    endFrames();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this::flushed);
    readMore();
  }

  private void flushed(Future<? super Void> sent) {
    flushed = true;
    if (inputShutdown || !sent.isSuccess()) {
      channel.close();
    } else {
      if (secure != null) {
        // Says that the answer is whole, before the end that says nothing.
        secure.closeOutbound();
      }
      ((DuplexChannel) channel).shutdownOutput();
      within(LINGER, channel::close);
    }
  }

  private void inputEnded(IOException cause) {
    Exchange current = exchange;
    Inbound stream = raw;
    if (stream != null) {
      if (channel.isActive()) {
        stream.end();
      } else {
        stream.fail(cause);
      }
    }
    if (current != null) {
      current.inbound().fail(cause);
      if (stream == null || !channel.isActive()) {
        current.disconnected();
      }
    }
  }

  private void readMoreSoon() {
    later(this::readMore);
  }

  private void readMore() {
    if (inputShutdown) {
      return;
    }
    if (finishing || (roomInside() && decoder.waiting() < Inbound.ROOM)) {
      channel.read();
    }
  }

  private boolean roomInside() {
    Inbound stream = raw;
    Exchange current = exchange;
    if (stream != null) {
      return stream.hasRoom();
    }
    return current == null || current.inbound().hasRoom();
  }

  // The loop of a server that stopped takes nothing more; its connections are closed.
  private boolean later(Runnable action) {
    try {
      channel.eventLoop().execute(action);
      return true;
    } catch (RejectedExecutionException stopped) {
      outbound.fail(stopped);
      return false;
    }
  }

  private void within(Duration limit, Runnable action) {
    quiet();
    timer = channel.eventLoop().schedule(action, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void quiet() {
    if (timer != null) {
      Objects.requireNonNull(timer).cancel(false);
      timer = null;
    }
  }
}
