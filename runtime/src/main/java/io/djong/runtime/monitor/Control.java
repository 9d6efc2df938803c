package io.djong.runtime.monitor;

import io.djong.linux.DescriptorStream;
import io.djong.linux.Errno;
import io.djong.linux.Fifo;
import io.djong.linux.KernelException;
import io.djong.linux.Poller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// conmon's control fifo. conmon 2.1.6 takes the first of two lines that arrive together twice and
/// loses the second, so a line is written only once the one before was read. Safe for use by
/// several threads.
final class Control {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private final Poller poller;
  private final Path fifo;
  private final ReentrantLock lock = new ReentrantLock();

  Control(Poller poller, Path fifo) {
    this.poller = poller;
    this.fifo = fifo;
  }

  void resize(int columns, int rows) throws IOException {
    send("1 " + rows + " " + columns + "\n");
  }

  /// Makes conmon close its log and begin a new one in its place.
  ///
  /// @return false if the monitor has ended
  boolean reopenLog() throws IOException {
    return send("2 0 0\n");
  }

  private boolean send(String line) throws IOException {
    lock.lock();
    try (DescriptorStream output = Fifo.openOutput(poller, fifo)) {
      long deadline = System.nanoTime() + PATIENCE;
      while (output.unread() > 0) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the container's monitor does not answer");
        }
        LockSupport.parkNanos(200_000);
      }
      byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
      output.write(bytes, 0, bytes.length);
      return true;
    } catch (KernelException e) {
      if (e.errno() == Errno.ENXIO || e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    } finally {
      lock.unlock();
    }
  }
}
