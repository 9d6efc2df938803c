package io.djong.http.netty;

import io.djong.http.HttpHandler;
import io.djong.http.HttpServer;
import io.djong.http.Listen;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Serves HTTP on Netty's native epoll: one thread moves the bytes of all connections.
public final class NettyHttpServer implements HttpServer {
  private static final Logger LOG = System.getLogger("io.djong.http");
  private static final int LOOPS = 1;
  private static final int PAGE = 8 << 10;
  private static final int CHUNK_ORDER = 5;
  private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(64 << 10, 128 << 10);

  private final HttpHandler handler;
  private final Limits limits;
  private final EventLoopGroup loops;
  private final PooledByteBufAllocator allocator;
  private final List<Channel> listeners = new ArrayList<>();
  private final List<SocketFile> files = new ArrayList<>();
  private final List<Listen> listening = new ArrayList<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition oneEnded = lock.newCondition();
  private volatile boolean stopping;

  private NettyHttpServer(HttpHandler handler, Limits limits) {
    this.handler = handler;
    this.limits = limits;
    // Daemon threads: a program whose main thread ends is not kept alive by its server.
    this.loops =
        new MultiThreadIoEventLoopGroup(
            LOOPS, new DefaultThreadFactory("http", true), HalfClosureEpoll.newFactory());
    // Chunks of 256 KiB instead of 4 MiB, one arena: an idle server should cost next to nothing.
    this.allocator = new PooledByteBufAllocator(true, 1, LOOPS, PAGE, CHUNK_ORDER, 0, 0, false);
  }

  /// See [HttpServer#start].
  public static HttpServer start(List<Listen> where, HttpHandler handler, Limits limits)
      throws IOException {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    NettyHttpServer server = new NettyHttpServer(handler, limits);
    boolean started = false;
    try {
      for (Listen one : where) {
        switch (one) {
          case Listen.Unix unix -> server.listen(unix);
          case Listen.Tcp tcp -> server.listen(tcp);
          case Listen.Inherited inherited -> server.listen(inherited);
          case Listen.Tls tls -> server.listen(tls);
        }
      }
      started = true;
      return server;
    } finally {
      if (!started) {
        server.stop(Duration.ZERO);
      }
    }
  }

  @Override
  public List<Listen> listening() {
    return List.copyOf(listening);
  }

  @Override
  public void stop(Duration patience) {
    stopping = true;
    listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    for (SocketFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "removing a socket's file", e);
      }
    }
    connections.forEach(Connection::endSoon);
    awaitConnections(patience);
    connections.forEach(Connection::abort);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void accepted(Channel channel, @Nullable Tls tls) {
    SslHandler secure = tls == null ? null : tls.handler(channel.alloc());
    Connection connection = new Connection(channel, handler, limits, secure);
    connections.add(connection);
    channel.closeFuture().addListener(closed -> ended(connection));
    connection.addTo(channel.pipeline());
    if (stopping) {
      connection.endSoon();
    }
  }

  private void ended(Connection connection) {
    lock.lock();
    try {
      connections.remove(connection);
      oneEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitConnections(Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (left > 0 && !connections.isEmpty()) {
        left = oneEnded.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Whoever interrupts has no patience.
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void listen(Listen.Unix unix) throws IOException {
    SocketFile file = SocketFile.prepare(unix);
    files.add(file);
    bind(
        bootstrap(null).channel(EpollServerDomainSocketChannel.class),
        new DomainSocketAddress(file.bindAt().toFile()),
        unix);
    file.publish();
    listening.add(unix);
  }

  private void listen(Listen.Tcp tcp) throws IOException {
    listening.add(new Listen.Tcp(bind(tcp.address(), null, tcp)));
  }

  private void listen(Listen.Tls tls) throws IOException {
    InetSocketAddress address = bind(tls.address(), new Tls(tls.files()), tls);
    listening.add(new Listen.Tls(address, tls.files()));
  }

  private InetSocketAddress bind(InetSocketAddress address, @Nullable Tls tls, Listen where)
      throws IOException {
    Channel channel =
        bind(
            bootstrap(tls)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true),
            address,
            where);
    return (InetSocketAddress) channel.localAddress();
  }

  private void listen(Listen.Inherited inherited) throws IOException {
    ServerBootstrap bootstrap =
        bootstrap(null)
            .channelFactory(() -> new EpollServerDomainSocketChannel(inherited.descriptor(), true));
    opened(bootstrap.register(), inherited);
    listening.add(inherited);
  }

  private ServerBootstrap bootstrap(@Nullable Tls tls) {
    return new ServerBootstrap()
        .group(loops)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                accepted(channel, tls);
              }
            })
        .option(ChannelOption.SO_BACKLOG, 1024)
        .option(ChannelOption.ALLOCATOR, allocator)
        .childOption(ChannelOption.ALLOCATOR, allocator)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER);
  }

  private Channel bind(ServerBootstrap bootstrap, SocketAddress address, Listen where)
      throws IOException {
    return opened(bootstrap.bind(address), where);
  }

  private Channel opened(ChannelFuture opening, Listen where) throws IOException {
    opening.awaitUninterruptibly();
    if (opening.cause() != null) {
      throw new IOException("listening at " + where, opening.cause());
    }
    listeners.add(opening.channel());
    return opening.channel();
  }
}
