package io.djong.registry.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/// Bytes that wait to be sent: in memory while they are few, else in a file. For one thread.
final class Spool implements AutoCloseable {
  private final Path file;
  private byte[] few = new byte[0];
  private int count;
  private @Nullable FileChannel channel;
  private long size;

  /// @param file made when it is needed, and removed when this is closed
  Spool(Path file) {
    this.file = file;
  }

  long size() {
    return size;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    FileChannel many = channel;
    if (many == null && size + length <= Pointer.MOST) {
      if (count + length > few.length) {
        few =
            java.util.Arrays.copyOf(
                few, Math.max(count + length, Math.min(2 * few.length, Pointer.MOST)));
      }
      System.arraycopy(bytes, offset, few, count, length);
      count += length;
    } else {
      if (many == null) {
        many =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        channel = many;
        writeAll(many, ByteBuffer.wrap(few, 0, count), 0);
      }
      writeAll(many, ByteBuffer.wrap(bytes, offset, length), size);
    }
    size += length;
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  InputStream open() throws IOException {
    return channel == null ? new ByteArrayInputStream(few, 0, count) : Files.newInputStream(file);
  }

  byte[] bytes() throws IOException {
    try (InputStream in = open()) {
      return in.readNBytes(Math.toIntExact(size));
    }
  }

  RequestBody body() {
    return RequestBody.fromContentProvider(
        () -> {
          try {
            return open();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        size,
        "application/octet-stream");
  }

  void clear() throws IOException {
    count = 0;
    size = 0;
    if (channel != null) {
      channel.truncate(0);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
      Files.deleteIfExists(file);
    }
    few = new byte[0];
    count = 0;
    size = 0;
  }
}
