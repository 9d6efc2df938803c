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

/// conmon's control fifos: one for commands, one for the size of the terminal. conmon 2.1.6 takes
/// the first of two lines that arrive together twice and loses the second, so a line is written
/// only once the one before was read. A size that comes as a command is passed on by conmon into
/// the other fifo, where two may meet unseen, so it is written there. Safe for use by several
/// threads.
final class Control {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private final Poller poller;
  private final Path commands;
  private final Path window;
  private final ReentrantLock lock = new ReentrantLock();

  /// @param commands the fifo `ctl`; that of the size lies beside it
  Control(Poller poller, Path commands) {
    this.poller = poller;
    this.commands = commands;
    this.window = commands.resolveSibling("winsz");
  }

  void resize(int columns, int rows) throws IOException {
    send(window, rows + " " + columns + "\n");
  }

  /// Makes conmon close its log and begin a new one in its place.
  ///
  /// @return false if the monitor has ended
  boolean reopenLog() throws IOException {
    return send(commands, "2 0 0\n");
  }

  private boolean send(Path fifo, String line) throws IOException {
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
