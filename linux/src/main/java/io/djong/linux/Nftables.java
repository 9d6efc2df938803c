package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The packet filter of the network namespace in which this was opened, spoken to in nft's own
/// language (nft(8)) through libnftables, the library that the program `nft` consists of. Safe for
/// use by several threads.
public final class Nftables implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final MemorySegment context;
  private final NetlinkSocket socket;

  private Nftables(MemorySegment context, NetlinkSocket socket) {
    this.context = context;
    this.socket = socket;
  }

  /// @throws IOException if libnftables is not installed
  public static Nftables open() throws IOException {
    try {
      MemorySegment context = (MemorySegment) Call.NEW.invokeExact(0);
      if (context.equals(MemorySegment.NULL)) {
        throw new IOException("libnftables gives no context: out of memory?");
      }
      int output = (int) Call.BUFFER_OUTPUT.invokeExact(context);
      int errors = (int) Call.BUFFER_ERROR.invokeExact(context);
      if (output != 0 || errors != 0) {
        throw new IOException("libnftables gives no buffers: out of memory?");
      }
      return new Nftables(context, new NetlinkSocket(NetlinkSocket.NETFILTER));
    } catch (IOException e) {
      throw e;
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      throw new IOException(
          "libnftables.so.1 cannot be loaded: is the package nftables installed?", e);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    }
  }

  /// Runs commands as one transaction: all of them or none. Not for text from outside.
  ///
  /// @return what listing commands print
  /// @throws IOException with nft's own words
  public String run(String commands) throws IOException {
    lock.lock();
    try (Arena arena = Arena.ofConfined()) {
      int result = (int) Call.RUN.invokeExact(context, arena.allocateFrom(commands));
      String errors = text((MemorySegment) Call.ERROR.invokeExact(context));
      String output = text((MemorySegment) Call.OUTPUT.invokeExact(context));
      if (result != 0) {
        throw new IOException("nft: " + errors.strip());
      }
      return output;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    } finally {
      lock.unlock();
    }
  }

  /// Makes all the changes or none.
  ///
  /// @throws KernelException for the first change that does not fit
  public void apply(NftElements elements) throws IOException {
    if (elements.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      socket.send(elements.bytes());
      KernelException failed = null;
      for (List<NetlinkReply> replies = socket.poll();
          !replies.isEmpty();
          replies = socket.poll()) {
        for (NetlinkReply reply : replies) {
          KernelException refusal = reply.refusal("change elements of the packet filter");
          failed = failed == null ? refusal : failed;
        }
      }
      if (failed != null) {
        throw failed;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      socket.close();
      Call.FREE.invokeExact(context);
    } catch (Throwable e) {
      throw Libc.unexpected(e);
    } finally {
      lock.unlock();
    }
  }

  private static String text(MemorySegment terminated) {
    return terminated.equals(MemorySegment.NULL)
        ? ""
        : terminated.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /// The library's functions; loading it is the cost of the first use.
  private static final class Call {
    private static final SymbolLookup LIBRARY =
        SymbolLookup.libraryLookup("libnftables.so.1", Arena.global());

    static final MethodHandle NEW =
        bind("nft_ctx_new", FunctionDescriptor.of(ValueLayout.ADDRESS, Libc.INT));
    static final MethodHandle FREE =
        bind("nft_ctx_free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    static final MethodHandle BUFFER_OUTPUT =
        bind("nft_ctx_buffer_output", FunctionDescriptor.of(Libc.INT, ValueLayout.ADDRESS));
    static final MethodHandle BUFFER_ERROR =
        bind("nft_ctx_buffer_error", FunctionDescriptor.of(Libc.INT, ValueLayout.ADDRESS));
    static final MethodHandle OUTPUT =
        bind(
            "nft_ctx_get_output_buffer",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    static final MethodHandle ERROR =
        bind(
            "nft_ctx_get_error_buffer",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    static final MethodHandle RUN =
        bind(
            "nft_run_cmd_from_buffer",
            FunctionDescriptor.of(Libc.INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));

    private static MethodHandle bind(String function, FunctionDescriptor descriptor) {
      return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(function), descriptor);
    }
  }
}
