package io.djong.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/// Netty's epoll, with sockets staying in the set while nothing is asked of them.
///
/// Since Netty 4.2.13 (pull request 16689) a socket that waits for neither input nor output is
/// taken out of the set, and the next time it has to wait, changing its entry fails with `ENOENT`:
/// a client that shut down its side loses what did not fit into the socket's buffer. Here it waits
/// for `EPOLLPRI` instead, which does not come, and for the hang-up, which tells that both ways are
/// shut: then the client is gone and the channel is closed.
final class HalfClosureEpoll implements IoHandler {
  private static final EpollIoOps NOTHING = EpollIoOps.valueOf(0x002);
  private static final int HANG_UP = 0x010;

  private final IoHandler epoll;

  private HalfClosureEpoll(IoHandler epoll) {
    this.epoll = epoll;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory factory = EpollIoHandler.newFactory();
    return executor -> new HalfClosureEpoll(factory.newHandler(executor));
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return epoll.isCompatible(type);
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    Kept kept = new Kept((EpollIoHandle) handle);
    IoRegistration registration = epoll.register(kept);
    kept.registration = registration;
    return kept;
  }

  /// One socket in the set: what epoll sees as the handle, and the channel as its registration.
  // Netty declares that closing throws any exception, and an attachment of whatever type is wanted.
  @SuppressWarnings({"try", "TypeParameterUnusedInFormals"})
  private static final class Kept implements EpollIoHandle, IoRegistration {
    private final EpollIoHandle channel;
    private @Nullable IoRegistration registration;
    private boolean added;
    private boolean idle;

    Kept(EpollIoHandle channel) {
      this.channel = channel;
    }

    @Override
    public FileDescriptor fd() {
      return channel.fd();
    }

    @Override
    public void handle(IoRegistration ignored, IoEvent event) {
      channel.handle(this, event);
      boolean hungUp = (((EpollIoEvent) event).ops().value() & HANG_UP) != 0;
      if (hungUp && idle && isValid() && channel instanceof Channel.Unsafe unsafe) {
        unsafe.close(unsafe.voidPromise());
      }
    }

    @Override
    public void registered() {
      channel.registered();
    }

    @Override
    public void unregistered() {
      channel.unregistered();
    }

    @Override
    public void close() throws Exception {
      channel.close();
    }

    @Override
    public <T> T attachment() {
      return inner().attachment();
    }

    @Override
    public long submit(IoOps ops) {
      idle = ((EpollIoOps) ops).value() == 0;
      if (idle && added) {
        return inner().submit(NOTHING);
      }
      added |= !idle;
      return inner().submit(ops);
    }

    @Override
    public boolean isValid() {
      return inner().isValid();
    }

    @Override
    public boolean cancel() {
      return inner().cancel();
    }

    private IoRegistration inner() {
      if (registration == null) {
        throw new IllegalStateException("not registered yet");
      }
      return registration;
    }
  }
}
