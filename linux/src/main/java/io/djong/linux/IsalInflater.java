package io.djong.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/// Inflates raw deflate data (RFC 1951) with the library ISA-L, about twice as fast as the JDK
/// does. The library need not be there: see [#isPresent]. For one thread.
///
/// The library's state is a structure whose layout has no promise, so before the first use a known
/// stream is inflated and compared: a library that answers anything else counts as not there.
public final class IsalInflater implements AutoCloseable {
  /// The most bytes that may be given at once.
  public static final int MAX_INPUT = 64 << 10;

  private static final int MAX_OUTPUT = 128 << 10;

  /// Bytes that were read and turn out not to belong to the stream are given back by moving the
  /// pointer, which may lead before the beginning of what was given last.
  private static final int BEFORE = 8;

  // `struct inflate_state` of igzip_lib.h, version 2.30; with room for more.
  private static final long STATE_BYTES = 128 << 10;
  private static final long NEXT_OUT = 0;
  private static final long AVAIL_OUT = 8;
  private static final long NEXT_IN = 16;
  private static final long AVAIL_IN = 32;
  private static final long READ_IN_BITS = 36;
  private static final long BLOCK_STATE = 21160;
  private static final int BLOCK_FINISH = 5;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(STATE_BYTES, 64);
  private final MemorySegment input = arena.allocate(BEFORE + MAX_INPUT, 64);
  private final MemorySegment output = arena.allocate(MAX_OUTPUT, 64);
  private int given;
  private boolean outputWasFull;

  /// @throws IllegalStateException if the library is not there
  public IsalInflater() {
    call(Library.INIT);
  }

  /// Whether the library is there and does what it should.
  public static boolean isPresent() {
    return Trial.PASSED;
  }

  /// Makes it ready for the beginning of another stream.
  public void reset() {
    call(Library.RESET);
    state.set(Libc.INT, AVAIL_IN, 0);
    given = 0;
    outputWasFull = false;
  }

  /// Gives the next bytes of the stream; only when it [#needsInput].
  public void give(byte[] bytes, int offset, int length) {
    Objects.checkIndex(length, MAX_INPUT + 1);
    MemorySegment.copy(input, given, input, 0, BEFORE);
    MemorySegment.copy(bytes, offset, input, Libc.BYTE, BEFORE, length);
    state.set(Libc.LONG, NEXT_IN, input.address() + BEFORE);
    state.set(Libc.INT, AVAIL_IN, length);
    given = length;
  }

  /// Whether nothing more can come out before something is given.
  public boolean needsInput() {
    return remaining() == 0 && !outputWasFull && !isFinished();
  }

  /// Whether the stream's end was reached and all of it was given out.
  public boolean isFinished() {
    return state.get(Libc.INT, BLOCK_STATE) == BLOCK_FINISH;
  }

  /// How many of the given bytes were not read; at the end of the stream, what follows it.
  public int remaining() {
    int unread = state.get(Libc.INT, AVAIL_IN);
    // Versions before 2.32 keep what they read too much to themselves at the end of the stream.
    return isFinished() ? unread + state.get(Libc.INT, READ_IN_BITS) / Byte.SIZE : unread;
  }

  /// @return how many bytes came out; 0 if it needs input or the stream has ended
  /// @throws DataFormatException if the stream is damaged
  public int inflate(byte[] bytes, int offset, int length) throws DataFormatException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int room = Math.min(length, MAX_OUTPUT);
    state.set(Libc.LONG, NEXT_OUT, output.address());
    state.set(Libc.INT, AVAIL_OUT, room);
    int result = call(Library.INFLATE);
    if (result < 0) {
      throw new DataFormatException("not deflated data (ISA-L says " + result + ")");
    }
    int count = room - state.get(Libc.INT, AVAIL_OUT);
    outputWasFull = count == room;
    MemorySegment.copy(output, Libc.BYTE, 0, bytes, offset, count);
    return count;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private int call(@Nullable MethodHandle function) {
    if (function == null) {
      throw new IllegalStateException("the library ISA-L is not there");
    }
    try {
      return (int) function.invokeExact(state);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  /// The functions of the library; null where it is not installed.
  private static final class Library {
    static final @Nullable MethodHandle INIT = bind("isal_inflate_init");
    static final @Nullable MethodHandle RESET = bind("isal_inflate_reset");
    static final @Nullable MethodHandle INFLATE = bind("isal_inflate");

    /// Two of them give nothing back; what is read as their result is never looked at.
    private static @Nullable MethodHandle bind(String function) {
      try {
        return SymbolLookup.libraryLookup("libisal.so.2", Arena.global())
            .find(function)
            .map(
                address ->
                    Linker.nativeLinker()
                        .downcallHandle(address, FunctionDescriptor.of(Libc.INT, Libc.POINTER)))
            .orElse(null);
      } catch (IllegalArgumentException e) {
        return null; // Not installed.
      }
    }
  }

  /// Inflates "djong" in a stored block and in one with fixed codes, with a byte behind the end.
  private static final class Trial {
    private static final byte[] PACKED = {
      0, 2, 0, (byte) 0xfd, (byte) 0xff, 'd', 'j', (byte) 0xcb, (byte) 0xcf, 0x4b, 0x07, 0, 'x'
    };
    static final boolean PASSED = passes();

    private static boolean passes() {
      if (Library.INIT == null || Library.RESET == null || Library.INFLATE == null) {
        return false;
      }
      byte[] plain = new byte[16];
      try (IsalInflater inflater = new IsalInflater()) {
        inflater.give(PACKED, 0, PACKED.length);
        int count = inflater.inflate(plain, 0, plain.length);
        return inflater.isFinished()
            && inflater.remaining() == 1
            && new String(plain, 0, count, java.nio.charset.StandardCharsets.US_ASCII)
                .equals("djong");
      } catch (DataFormatException e) {
        return false;
      }
    }
  }
}
