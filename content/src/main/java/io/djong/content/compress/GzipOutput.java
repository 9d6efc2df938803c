package io.djong.content.compress;

import io.djong.model.Exempt;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Writes one gzip member (RFC 1952) whose bytes depend on nothing but the content: no name, no
/// time, and blocks of a fixed size, each packed by itself with the end of the one before it as its
/// dictionary. So the blocks are packed on all cores, and the bytes are the same on any number of
/// them. Closing it ends the member and closes the stream. For one thread.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "packing fills cores; on virtual threads it would take them from everything else")
public final class GzipOutput extends OutputStream {
  static final int BLOCK = 512 << 10;

  private static final int DICTIONARY = 32 << 10;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};

  private final OutputStream out;
  private final int cores;
  private final CRC32 crc = new CRC32();
  private final Deque<Future<byte[]>> packing = new ArrayDeque<>();
  private byte[] block = new byte[BLOCK];
  private byte[] dictionary = {};
  private int filled;
  private long size;
  private boolean closed;

  /// Made with the first block that is full: what is small needs no threads.
  private @Nullable ExecutorService threads;

  public GzipOutput(OutputStream out) throws IOException {
    this(out, Runtime.getRuntime().availableProcessors());
  }

  GzipOutput(OutputStream out, int cores) throws IOException {
    this.out = out;
    this.cores = cores;
    out.write(HEADER);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw new IOException("stream closed");
    }
    crc.update(bytes, offset, length);
    size += length;
    int from = offset;
    while (from < offset + length) {
      // Only when more comes is a full block not the last one.
      if (filled == BLOCK) {
        pack();
      }
      int n = Math.min(BLOCK - filled, offset + length - from);
      System.arraycopy(bytes, from, block, filled, n);
      filled += n;
      from += n;
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      while (!packing.isEmpty()) {
        writeFirst();
      }
      out.write(new DeflatedBlock(block, filled, dictionary, true).pack());
      writeNumber(crc.getValue());
      writeNumber(size);
    } finally {
      if (threads != null) {
        threads.shutdownNow();
      }
    }
  }

  private void pack() throws IOException {
    if (threads == null) {
      threads =
          Executors.newFixedThreadPool(
              cores, Thread.ofPlatform().daemon().name("gzip-", 0).factory());
    }
    packing.add(threads.submit(new DeflatedBlock(block, BLOCK, dictionary, false)::pack));
    dictionary = Arrays.copyOfRange(block, BLOCK - DICTIONARY, BLOCK);
    block = new byte[BLOCK];
    filled = 0;
    if (packing.size() > cores) {
      writeFirst();
    }
  }

  private void writeFirst() throws IOException {
    try {
      out.write(packing.remove().get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while packing");
    } catch (ExecutionException e) {
      throw new IllegalStateException("packing a block", e.getCause());
    }
  }

  private void writeNumber(long number) throws IOException {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write((int) (number >>> shift) & 0xff);
    }
  }
}
