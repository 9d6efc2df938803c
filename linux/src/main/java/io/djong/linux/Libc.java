package io.djong.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Binds functions of the C library and captures `errno`. A bound function takes the capture
/// segment of [#errnoSegment] as its first argument. Bind in a static final field of a small class
/// for each feature, so that a handle is linked only when the feature is first used.
final class Libc {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Libc() {}

  /// @param descriptor the function's own signature; the handle has one more argument in front
  static MethodHandle bind(String function, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), descriptor, CAPTURE);
  }

  /// Like [#bind(String, FunctionDescriptor)] for a variadic function whose fixed arguments are the
  /// first `fixed` ones.
  static MethodHandle bindVariadic(String function, int fixed, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(function),
        descriptor,
        CAPTURE,
        Linker.Option.firstVariadicArg(fixed));
  }

  static MemorySegment errnoSegment(SegmentAllocator memory) {
    return memory.allocate(CAPTURED);
  }

  static int errno(MemorySegment captured) {
    return (int) ERRNO.get(captured, 0L);
  }

  /// What a bound handle throws is never checked by the kernel: it is ours, so it is a bug.
  static AssertionError unexpected(Throwable thrown) {
    return new AssertionError("a foreign call threw", thrown);
  }
}
