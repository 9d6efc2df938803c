package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.Exempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// An open network namespace (network_namespaces(7)). As long as it is open, the namespace lives;
/// so it does while it is bound to a file or a process is in it. Safe for use by several threads.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "setns and unshare change the thread that calls them, for good")
public final class NetworkNamespace implements AutoCloseable {
  private static final int CLONE_NEWNET = 0x40000000;

  private final int descriptor;

  private NetworkNamespace(int descriptor) {
    this.descriptor = descriptor;
  }

  /// A new namespace without anything up in it. `inside` runs in it first.
  public static NetworkNamespace create(NamespaceAction inside) throws IOException {
    return onOwnThread(
        () -> {
          try (Frame frame = new Frame()) {
            frame.check(Syscall.UNSHARE, "network namespace", CLONE_NEWNET);
          }
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

  /// A new namespace that belongs to a user namespace: whose root may do in it what root may
  /// (`network_namespaces(7)`). `inside` runs in it first.
  public static NetworkNamespace create(UserNamespace owner, NamespaceAction inside)
      throws IOException {
    try (UserNamespace.Inhabitant process =
        UserNamespace.Inhabitant.start(
            "nsenter", "--user=" + owner.pathForOthers(), "unshare", "--net", "cat")) {
      NetworkNamespace made = open(process.file("ns/net"));
      try {
        return made.call(
            () -> {
              inside.run();
              return made;
            });
      } catch (IOException | RuntimeException e) {
        made.close();
        throw e;
      }
    }
  }

  /// Opens what [#bind] left at a file, or a file of `/proc/PID/ns/net`.
  public static NetworkNamespace open(Path file) throws IOException {
    try (Frame frame = new Frame()) {
      return new NetworkNamespace(
          Descriptors.openAnywhere(frame, file.toString(), Descriptors.O_RDONLY));
    }
  }

  /// Binds the namespace to a new file, which keeps it alive beyond this process.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if there is such a file
  public void bind(Path file) throws IOException {
    Files.createFile(file);
    try {
      new Mounts().mount(new Mount("none", "/proc/self/fd/" + descriptor, file, List.of("bind")));
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /// Takes the namespace from its file and removes the file. The kernel frees the namespace and its
  /// devices later, once nobody is in it. Idempotent.
  public static void unbind(Path file) throws IOException {
    new Mounts().unmount(file, true);
    Files.deleteIfExists(file);
  }

  /// Runs an action on a thread of its own inside the namespace. What the action opens (sockets,
  /// files of `/proc/sys/net`) belongs to this namespace and may be used by any thread. Waits for
  /// the end of the action even if interrupted.
  public <T> T call(Callable<T> action) throws IOException {
    return onOwnThread(
        () -> {
          try (Frame frame = new Frame()) {
            frame.check(Syscall.SETNS, "network namespace", descriptor, CLONE_NEWNET);
          }
          return action.call();
        });
  }

  int descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    Descriptors.close(descriptor);
  }

  /// What is done inside a new namespace.
  @FunctionalInterface
  public interface NamespaceAction {
    void run() throws IOException;
  }

  private static <T> T onOwnThread(Callable<T> action) throws IOException {
    FutureTask<T> task = new FutureTask<>(action);
    Thread.ofPlatform().name("djong-netns").daemon().start(task);
    return ThreadTask.result(task);
  }
}
