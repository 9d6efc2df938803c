package io.djong.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The functions of the C library around `posix_spawn(3)`; they answer an error number.
final class SpawnCalls {
  /// Larger than the opaque structures of any C library on 64 bits (glibc: 80, 336 and 128 bytes).
  private static final int OPAQUE = 512;

  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;

  private static final MethodHandle SPAWN = bind("posix_spawn", 6, false);
  private static final MethodHandle ACTIONS_INIT = bind("posix_spawn_file_actions_init", 1, false);
  private static final MethodHandle ACTIONS_DESTROY =
      bind("posix_spawn_file_actions_destroy", 1, false);
  private static final MethodHandle ADD_OPEN =
      Libc.bind(
          "posix_spawn_file_actions_addopen",
          FunctionDescriptor.of(
              Libc.INT, Libc.POINTER, Libc.INT, Libc.POINTER, Libc.INT, Libc.INT));
  private static final MethodHandle ADD_DUP2 =
      Libc.bind(
          "posix_spawn_file_actions_adddup2",
          FunctionDescriptor.of(Libc.INT, Libc.POINTER, Libc.INT, Libc.INT));
  private static final MethodHandle ADD_CLOSEFROM =
      Libc.bind(
          "posix_spawn_file_actions_addclosefrom_np",
          FunctionDescriptor.of(Libc.INT, Libc.POINTER, Libc.INT));
  private static final MethodHandle ADD_CHDIR =
      bind("posix_spawn_file_actions_addchdir_np", 2, false);
  private static final MethodHandle ATTR_INIT = bind("posix_spawnattr_init", 1, false);
  private static final MethodHandle ATTR_DESTROY = bind("posix_spawnattr_destroy", 1, false);
  private static final MethodHandle ATTR_SETFLAGS = bind("posix_spawnattr_setflags", 1, true);
  private static final MethodHandle ATTR_SETSIGMASK = bind("posix_spawnattr_setsigmask", 2, false);
  private static final MethodHandle ATTR_SETSIGDEFAULT =
      bind("posix_spawnattr_setsigdefault", 2, false);

  private SpawnCalls() {}

  /// A function of some pointers and, if so, a short.
  private static MethodHandle bind(String function, int pointers, boolean number) {
    FunctionDescriptor descriptor = FunctionDescriptor.of(Libc.INT);
    for (int i = 0; i < pointers; i++) {
      descriptor = descriptor.appendArgumentLayouts(Libc.POINTER);
    }
    return Libc.bind(function, number ? descriptor.appendArgumentLayouts(Libc.SHORT) : descriptor);
  }

  static MemorySegment newActions(Arena arena) throws KernelException {
    MemorySegment actions = arena.allocate(OPAQUE, 16);
    call("posix_spawn_file_actions_init", ACTIONS_INIT, arena, actions);
    return actions;
  }

  static MemorySegment newAttributes(Arena arena) throws KernelException {
    MemorySegment attributes = arena.allocate(OPAQUE, 16);
    call("posix_spawnattr_init", ATTR_INIT, arena, attributes);
    return attributes;
  }

  static void destroy(MemorySegment actions, MemorySegment attributes) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      call("posix_spawn_file_actions_destroy", ACTIONS_DESTROY, arena, actions);
      call("posix_spawnattr_destroy", ATTR_DESTROY, arena, attributes);
    }
  }

  static void addOpen(MemorySegment actions, Arena arena, int descriptor, String path, int flags)
      throws KernelException {
    MemorySegment text = arena.allocateFrom(path);
    call("posix_spawn addopen", ADD_OPEN, arena, actions, descriptor, text, flags, 0);
  }

  static void addDuplicate(MemorySegment actions, int from, int to) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      call("posix_spawn adddup2", ADD_DUP2, arena, actions, from, to);
    }
  }

  static void addCloseFrom(MemorySegment actions, int from) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      call("posix_spawn addclosefrom", ADD_CLOSEFROM, arena, actions, from);
    }
  }

  static void addDirectory(MemorySegment actions, Arena arena, String path) throws KernelException {
    call("posix_spawn addchdir", ADD_CHDIR, arena, actions, arena.allocateFrom(path));
  }

  static void newSession(MemorySegment attributes, Arena arena, int signals)
      throws KernelException {
    MemorySegment none = arena.allocate(OPAQUE, 8);
    MemorySegment all = arena.allocate(OPAQUE, 8);
    all.asSlice(0, signals / 8).fill((byte) 0xff);
    call("posix_spawnattr_setsigmask", ATTR_SETSIGMASK, arena, attributes, none);
    call("posix_spawnattr_setsigdefault", ATTR_SETSIGDEFAULT, arena, attributes, all);
    short flags = SETSIGDEF | SETSIGMASK | SETSID;
    call("posix_spawnattr_setflags", ATTR_SETFLAGS, arena, attributes, flags);
  }

  static int spawn(
      Arena arena,
      String program,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment arguments,
      MemorySegment environment)
      throws KernelException {
    MemorySegment pid = arena.allocate(Libc.INT);
    MemorySegment path = arena.allocateFrom(program);
    call(
        "spawn \"" + program + "\"",
        SPAWN,
        arena,
        pid,
        path,
        actions,
        attributes,
        arguments,
        environment);
    return pid.get(Libc.INT, 0);
  }

  private static void call(String what, MethodHandle handle, Arena arena, Object... arguments)
      throws KernelException {
    Object[] all = new Object[arguments.length + 1];
    all[0] = Libc.errnoSegment(arena);
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int result;
    try {
      result = (int) handle.invokeWithArguments(all);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
    if (result != 0) {
      throw new KernelException(what, result);
    }
  }
}
