package io.djong.linux;

import io.djong.model.Exempt;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// An open network namespace (network_namespaces(7)). As long as it is open, the namespace lives;
/// so it does while it is bound to a file or a process is in it. Safe for use by several threads.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "setns and unshare change the thread that calls them, for good")
public final class NetworkNamespace implements AutoCloseable {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final long MS_BIND = 4096;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int O_RDONLY_CLOEXEC = 0x80000;

  private final int descriptor;

  private NetworkNamespace(int descriptor) {
    this.descriptor = descriptor;
  }

  /// A new namespace without anything up in it. `inside` runs in it first.
  public static NetworkNamespace create(NamespaceAction inside) throws IOException {
    return onOwnThread(
        () -> {
          unshare();
          NetworkNamespace made = open(Path.of("/proc/thread-self/ns/net"));
          try {
            inside.run();
            return made;
          } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
          }
        });
  }

  /// Opens what [#bind] left at a file, or a file of `/proc/PID/ns/net`.
  public static NetworkNamespace open(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = Libc.errnoSegment(arena);
      int fd =
          (int)
              Call.OPEN.invokeExact(
                  captured, arena.allocateFrom(file.toString()), O_RDONLY_CLOEXEC);
      if (fd < 0) {
        throw new KernelException("open network namespace " + file, Libc.errno(captured));
      }
      return new NetworkNamespace(fd);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /// Binds the namespace to a new file, which keeps it alive beyond this process.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if there is such a file
  public void bind(Path file) throws IOException {
    Files.createFile(file);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = Libc.errnoSegment(arena);
      int result =
          (int)
              Call.MOUNT.invokeExact(
                  captured,
                  arena.allocateFrom("/proc/self/fd/" + descriptor),
                  arena.allocateFrom(file.toString()),
                  MemorySegment.NULL,
                  MS_BIND,
                  MemorySegment.NULL);
      if (result < 0) {
        int errno = Libc.errno(captured);
        Files.deleteIfExists(file);
        throw new KernelException("bind network namespace to " + file, errno);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /// Takes the namespace from its file and removes the file. The kernel frees the namespace and its
  /// devices later, once nobody is in it. Idempotent.
  public static void unbind(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = Libc.errnoSegment(arena);
      MemorySegment target = arena.allocateFrom(file.toString());
      int result = (int) Call.UMOUNT2.invokeExact(captured, target, MNT_DETACH | UMOUNT_NOFOLLOW);
      int errno = result < 0 ? Libc.errno(captured) : 0;
      // EINVAL: a file to which nothing is bound, left by a crash or a reboot.
      if (errno != 0 && errno != Errno.EINVAL && errno != Errno.ENOENT) {
        throw new KernelException("unbind network namespace " + file, errno);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
    Files.deleteIfExists(file);
  }

  /// Runs an action on a thread of its own inside the namespace. What the action opens (sockets,
  /// files of `/proc/sys/net`) belongs to this namespace and may be used by any thread. Waits for
  /// the end of the action even if interrupted.
  public <T> T call(Callable<T> action) throws IOException {
    return onOwnThread(
        () -> {
          enter();
          return action.call();
        });
  }

  int descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) Call.CLOSE.invokeExact(Libc.errnoSegment(arena), descriptor);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /// What is done inside a new namespace.
  @FunctionalInterface
  public interface NamespaceAction {
    void run() throws IOException;
  }

  private static <T> T onOwnThread(Callable<T> action) throws IOException {
    FutureTask<T> task = new FutureTask<>(action);
    Thread.ofPlatform().name("djong-netns").daemon().start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException rethrown(@Nullable Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> new IOException(cause);
    };
  }

  private static void unshare() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = Libc.errnoSegment(arena);
      if ((int) Call.UNSHARE.invokeExact(captured, CLONE_NEWNET) < 0) {
        throw new KernelException("make network namespace", Libc.errno(captured));
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  private void enter() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = Libc.errnoSegment(arena);
      if ((int) Call.SETNS.invokeExact(captured, descriptor, CLONE_NEWNET) < 0) {
        throw new KernelException("enter network namespace", Libc.errno(captured));
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /// The system calls, linked when they are first needed.
  private static final class Call {
    static final MethodHandle OPEN =
        Libc.bindVariadic(
            "open", 2, FunctionDescriptor.of(Libc.INT, ValueLayout.ADDRESS, Libc.INT));
    static final MethodHandle CLOSE = Libc.bind("close", FunctionDescriptor.of(Libc.INT, Libc.INT));
    static final MethodHandle UNSHARE =
        Libc.bind("unshare", FunctionDescriptor.of(Libc.INT, Libc.INT));
    static final MethodHandle SETNS =
        Libc.bind("setns", FunctionDescriptor.of(Libc.INT, Libc.INT, Libc.INT));
    static final MethodHandle MOUNT =
        Libc.bind(
            "mount",
            FunctionDescriptor.of(
                Libc.INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                Libc.LONG,
                ValueLayout.ADDRESS));
    static final MethodHandle UMOUNT2 =
        Libc.bind("umount2", FunctionDescriptor.of(Libc.INT, ValueLayout.ADDRESS, Libc.INT));
  }
}
