package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.Exempt;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/// A thread of its own whose files belong to somebody else than root (`setfsuid(2)`), and which may
/// do all that root may. It ends when this is closed. Safe for use by several threads.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "setfsuid changes the thread that calls it; what it does then is done there")
final class OwnerThread implements AutoCloseable {
  private static final int CAPABILITIES_VERSION_3 = 0x20080522;

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /// Only that thread looks at it and sets it.
  private boolean over;

  private OwnerThread() {}

  /// @param uid of the host
  /// @throws KernelException if this process may not
  static OwnerThread start(long uid, long gid) throws IOException {
    OwnerThread thread = new OwnerThread();
    Thread.ofPlatform().name("djong-owner-" + uid).daemon().start(thread::work);
    boolean begun = false;
    try {
      thread.call(
          () -> {
            become(uid, gid);
            return uid;
          });
      begun = true;
      return thread;
    } finally {
      if (!begun) {
        thread.close();
      }
    }
  }

  private void work() {
    try {
      while (!over) {
        tasks.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The kernel takes some capabilities from a thread whose files are not root's any more. Nothing
  /// here says that it may not have them back.
  private static void become(long uid, long gid) throws IOException {
    try (Frame frame = new Frame()) {
      frame.call(Syscall.SETFSGID, gid);
      frame.call(Syscall.SETFSUID, uid);
      // They give what was before; asked for what cannot be, they only tell.
      if (frame.call(Syscall.SETFSUID, -1) != uid || frame.call(Syscall.SETFSGID, -1) != gid) {
        throw Syscall.SETFSUID.failed(uid + ":" + gid, -Errno.EPERM);
      }
      MemorySegment header = frame.allocate(8);
      header.set(Libc.INT, 0, CAPABILITIES_VERSION_3);
      MemorySegment sets = frame.allocate(24);
      frame.check(Syscall.CAPGET, "own", header.address(), sets.address());
      sets.set(Libc.INT, 0, sets.get(Libc.INT, 4));
      sets.set(Libc.INT, 12, sets.get(Libc.INT, 16));
      frame.check(Syscall.CAPSET, "own", header.address(), sets.address());
    }
  }

  /// Runs an action there and waits for its end, also if interrupted.
  <T> T call(Callable<T> action) throws IOException {
    FutureTask<T> task = new FutureTask<>(action);
    tasks.add(task);
    return ThreadTask.result(task);
  }

  @Override
  public void close() {
    tasks.add(() -> over = true);
  }
}
