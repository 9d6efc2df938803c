package io.djong.runtime.monitor;

import io.djong.linux.Errno;
import io.djong.linux.KernelException;
import io.djong.linux.SealedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// crun from a sealed copy, so that it does not make one of itself in every call. Where control
/// groups are hybrid it refuses every container as soon as the unified hierarchy has a controller
/// beside those of version 1: there it is called in a mount namespace of its own in which that
/// hierarchy is not mounted. The machine's own mounts stay as they are.
///
/// Immutable; to be closed when no container can be created any more.
public final class Crun implements AutoCloseable {
  private static final Path UNIFIED = Path.of("/sys/fs/cgroup/unified");

  /// A statically linked shell that has both other programs in it starts in half the time.
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private static final String WITHOUT_UNIFIED = "umount -l " + UNIFIED + "; exec \"$0\" \"$@\"";

  private final @Nullable SealedProgram sealed;
  private final OciRuntime runtime;

  private Crun(@Nullable SealedProgram sealed, OciRuntime runtime) {
    this.sealed = sealed;
    this.runtime = runtime;
  }

  /// @throws IOException if it cannot be read
  public static Crun of(Path program) throws IOException {
    List<String> command = new ArrayList<>(hybrid() ? withoutUnified() : List.of());
    SealedProgram sealed = sealed(program);
    command.add((sealed == null ? program : sealed.path()).toString());
    return new Crun(sealed, new OciRuntime(OciRuntime.nameOf(program), program, command));
  }

  /// @return null where the machine forbids programs in memory: crun does without, more slowly
  private static @Nullable SealedProgram sealed(Path program) throws IOException {
    try {
      return SealedProgram.of(program);
    } catch (KernelException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
      return null;
    }
  }

  public OciRuntime runtime() {
    return runtime;
  }

  private static boolean hybrid() throws IOException {
    Path controllers = UNIFIED.resolve("cgroup.controllers");
    return Files.exists(controllers) && !Files.readString(controllers).isBlank();
  }

  private static List<String> withoutUnified() {
    List<String> unshare = List.of("unshare", "--mount", "--propagation", "private");
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(BUSYBOX)) {
      command.add(BUSYBOX.toString());
      command.addAll(unshare);
      command.addAll(List.of(BUSYBOX.toString(), "sh"));
    } else {
      command.add("/usr/bin/" + unshare.getFirst());
      command.addAll(unshare.subList(1, unshare.size()));
      command.add("/bin/sh");
    }
    command.addAll(List.of("-c", WITHOUT_UNIFIED));
    return command;
  }

  @Override
  public void close() {
    if (sealed != null) {
      sealed.close();
    }
  }
}
