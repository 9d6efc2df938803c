package io.djong.network.bridge;

import io.djong.linux.Errno;
import io.djong.linux.KernelException;
import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.model.Exempt;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/// Takes devices down at once and has them deleted later, many for the price of one: a deletion
/// sleeps for tens of milliseconds in the kernel. Devices carry a mark until then, so what a killed
/// daemon left is deleted by the next. Safe for use by several threads.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "a deletion blocks its carrier in the kernel; there are few")
final class DeadLinks implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DeadLinks.class.getName());

  /// Any number that nobody else uses for a group of devices.
  private static final int GROUP = 0x646a6e67;

  private final Semaphore work = new Semaphore(0);
  private final Netlink netlink;
  private final Thread undertaker;
  private volatile boolean closed;

  DeadLinks(Netlink netlink) {
    this.netlink = netlink;
    undertaker = Thread.ofPlatform().daemon().name("djong-dead-links").start(this::run);
  }

  /// Once this returns, the device carries nothing any more. One that is gone is fine.
  void add(String device) throws IOException {
    try {
      netlink.apply(new NetlinkBatch().condemn(device, GROUP));
    } catch (KernelException e) {
      if (e.errno() == Errno.ENODEV) {
        return;
      }
      throw e;
    }
    bury();
  }

  /// The same for a device whose name may be wanted again at once.
  void addRenamed(String device, int index) throws IOException {
    try {
      netlink.apply(new NetlinkBatch().condemn(device, GROUP).rename(index, "djx" + index));
    } catch (KernelException e) {
      if (e.errno() == Errno.ENODEV) {
        return;
      }
      throw e;
    }
    bury();
  }

  /// Deletes soon what is marked.
  void bury() {
    work.release();
  }

  /// Deletes what is marked and waits for it. To be called in the host's namespace.
  void buryNow() throws IOException {
    try (Netlink own = Netlink.open()) {
      delete(own);
    }
  }

  /// Waits for what was added.
  @Override
  public void close() {
    closed = true;
    work.release();
    boolean interrupted = false;
    while (true) {
      try {
        undertaker.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    // A socket of its own: the others' conversations must not wait for deletions.
    try (Netlink own = Netlink.open()) {
      while (true) {
        work.acquireUninterruptibly();
        work.drainPermits();
        delete(own);
        if (closed) {
          return;
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "devices of gone containers stay until a restart", e);
    }
  }

  private static void delete(Netlink own) {
    try {
      own.apply(new NetlinkBatch().deleteGroup(GROUP));
    } catch (KernelException e) {
      if (e.errno() != Errno.ENODEV && e.errno() != Errno.EINVAL) {
        LOG.log(System.Logger.Level.WARNING, "cannot delete devices of gone containers", e);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot delete devices of gone containers", e);
    }
  }
}
