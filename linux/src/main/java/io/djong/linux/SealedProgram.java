package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A copy of a program in memory that nobody can change any more, neither we nor a process in a
/// container that gets hold of it (memfd_create(2), "File sealing"). An OCI runtime makes such a
/// copy of itself each time it is called, unless it finds that it is one.
///
/// Immutable; it can be called as long as it is open.
public final class SealedProgram implements AutoCloseable {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_EXEC = 0x10;
  private static final int F_ADD_SEALS = 1033;

  /// Seal, shrink, grow, write: exactly what runtimes look for.
  private static final int SEALS = 0xf;

  private final int descriptor;
  private final Path path;

  private SealedProgram(int descriptor) {
    this.descriptor = descriptor;
    this.path = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
  }

  /// @throws IOException if the program cannot be read
  /// @throws KernelException `EACCES` if the machine forbids programs in memory (`vm.memfd_noexec`)
  public static SealedProgram of(Path program) throws IOException {
    SealedProgram sealed = new SealedProgram(create(program));
    boolean done = false;
    try {
      sealed.copy(program);
      // A file that is open for writing cannot be executed, so the copying had to end first.
      ProcessCalls.check(
          "sealing \"" + program + "\"",
          ProcessCalls.call(ProcessCalls.FCNTL, sealed.descriptor, F_ADD_SEALS, SEALS));
      done = true;
      return sealed;
    } finally {
      if (!done) {
        sealed.close();
      }
    }
  }

  private void copy(Path program) throws IOException {
    try (FileChannel from = FileChannel.open(program);
        FileChannel to = FileChannel.open(path, StandardOpenOption.WRITE)) {
      for (long copied = 0; copied < from.size(); ) {
        copied += from.transferTo(copied, from.size() - copied, to);
      }
    }
  }

  private static int create(Path program) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(String.valueOf(program.getFileName())).address();
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      long result = ProcessCalls.call(ProcessCalls.MEMFD_CREATE, name, flags | MFD_EXEC, 0);
      if (result == -Errno.EINVAL) { // Before Linux 6.3 every such file could be executed.
        result = ProcessCalls.call(ProcessCalls.MEMFD_CREATE, name, flags, 0);
      }
      return ProcessCalls.check("memfd_create for \"" + program + "\"", result);
    }
  }

  /// Where other processes of this machine find it, as long as this process lives.
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    ProcessCalls.close(descriptor);
  }
}
