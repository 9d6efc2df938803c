package io.djong.linux;

import io.djong.model.Exempt;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/// Waits for all descriptors on one platform thread (`epoll(7)`), so that a virtual thread which
/// waits for a process, a pipe or a socket costs no carrier. Safe for use by several threads.
/// Closing it ends its thread; what still waits then is never told.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "it spends its life in epoll_wait, which would pin a carrier")
public final class Poller implements AutoCloseable {
  static final int IN = 0x1;
  static final int OUT = 0x4;
  private static final int ONESHOT = 1 << 30;
  private static final System.Logger LOG = System.getLogger(Poller.class.getName());
  private static final int CTL_ADD = 1;
  private static final int CTL_DEL = 2;
  private static final int BATCH = 64;
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
  private static final int DATA_OFFSET = PACKED ? 4 : 8;
  private static final int EVENT_SIZE = PACKED ? 12 : 16;
  private static final long STOP = 0;

  private final int epoll;
  private final int stop;
  private final AtomicLong keys = new AtomicLong(STOP);
  private final ConcurrentMap<Long, Runnable> waiting = new ConcurrentHashMap<>();

  public Poller() throws KernelException {
    epoll =
        ProcessCalls.check(
            "epoll_create1", ProcessCalls.call(ProcessCalls.EPOLL_CREATE1, ProcessCalls.O_CLOEXEC));
    stop =
        ProcessCalls.check(
            "eventfd",
            ProcessCalls.call(
                ProcessCalls.EVENTFD2, 0, ProcessCalls.O_CLOEXEC | ProcessCalls.O_NONBLOCK, 0));
    control(CTL_ADD, stop, IN, STOP);
    Thread.ofPlatform().daemon().name("poller").start(this::run);
  }

  /// Calls back once, on the poller's thread, when the descriptor is ready; the callback must not
  /// block. One registration a descriptor at a time.
  ///
  /// @return the key for [#cancel]
  long register(int descriptor, int events, Runnable ready) throws KernelException {
    long key = keys.incrementAndGet();
    waiting.put(key, ready);
    try {
      control(CTL_ADD, descriptor, events | ONESHOT, key);
    } catch (KernelException e) {
      waiting.remove(key);
      throw e;
    }
    return key;
  }

  /// Ends a registration, whether it has fired or not. The descriptor must still be open.
  void cancel(int descriptor, long key) {
    waiting.remove(key);
    ProcessCalls.call(ProcessCalls.EPOLL_CTL, epoll, CTL_DEL, descriptor, 0);
  }

  private void control(int operation, int descriptor, int events, long key) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_SIZE, 8);
      event.set(Libc.INT, 0, events);
      event.set(Libc.LONG.withByteAlignment(4), DATA_OFFSET, key);
      ProcessCalls.check(
          "epoll_ctl",
          ProcessCalls.call(ProcessCalls.EPOLL_CTL, epoll, operation, descriptor, event.address()));
    }
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate((long) EVENT_SIZE * BATCH, 8);
      while (true) {
        long count =
            ProcessCalls.call(ProcessCalls.EPOLL_PWAIT, epoll, events.address(), BATCH, -1, 0, 0);
        for (int i = 0; i < count; i++) {
          long key =
              events.get(Libc.LONG.withByteAlignment(4), (long) i * EVENT_SIZE + DATA_OFFSET);
          if (key == STOP) {
            ProcessCalls.close(stop);
            ProcessCalls.close(epoll);
            return;
          }
          Runnable ready = waiting.remove(key);
          if (ready != null) {
            callBack(ready);
          }
        }
      }
    }
  }

  /// One callback that fails must not leave all others waiting for ever.
  private static void callBack(Runnable ready) {
    try {
      ready.run();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "what waited for a descriptor failed", e);
    }
  }

  @Override
  public void close() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(Libc.LONG, 1L);
      ProcessCalls.call(ProcessCalls.WRITE, stop, one.address(), 8);
    }
  }
}
