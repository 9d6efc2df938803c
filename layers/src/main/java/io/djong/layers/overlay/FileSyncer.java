package io.djong.layers.overlay;

import io.djong.linux.FileOutput;
import io.djong.linux.Root;
import io.djong.model.Exempt;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Makes files durable beside the thread that writes them: the waits of several files share the
/// disk's commits. Platform threads, because a file system call holds its carrier. Handing over is
/// for one thread.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "fdatasync blocks in the kernel and would pin the carriers of virtual threads")
final class FileSyncer implements AutoCloseable {
  private static final int THREADS = 4;

  /// Files held open at once.
  private static final int WAITING = 128;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("layer-sync-", 0).factory());
  private final Semaphore places = new Semaphore(WAITING);
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /// Takes the file over and closes it once it is on the disk.
  void take(FileOutput file) throws IOException {
    submit(
        () -> {
          try (file) {
            if (failure.get() == null) {
              file.sync();
            }
          }
        });
    check();
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private void submit(Work work) {
    places.acquireUninterruptibly();
    threads.execute(
        () -> {
          try {
            work.run();
          } catch (IOException e) {
            failure.compareAndSet(null, e);
          } finally {
            places.release();
          }
        });
  }

  /// Waits until all files, and then the names in all folders of the tree, are on the disk.
  void finish(Root tree) throws IOException {
    await();
    Deque<RawPath> todo = new ArrayDeque<>();
    todo.push(RawPath.ROOT);
    while (!todo.isEmpty()) {
      RawPath folder = todo.pop();
      submit(() -> tree.sync(folder));
      for (RawPath name : tree.list(folder)) {
        RawPath path = folder.resolve(name);
        if (tree.lstat(path).isFolder()) {
          todo.push(path);
        }
      }
    }
    await();
  }

  private void await() throws IOException {
    places.acquireUninterruptibly(WAITING);
    places.release(WAITING);
    check();
  }

  private void check() throws IOException {
    IOException failed = failure.get();
    if (failed != null) {
      throw new IOException("writing to the disk: " + failed.getMessage(), failed);
    }
  }

  /// Also when something else failed, no file may still be written afterwards.
  @Override
  public void close() {
    threads.shutdown();
    boolean ended = false;
    boolean interrupted = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
