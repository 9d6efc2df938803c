package io.djong.loops;

import io.djong.content.Compression;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Gzip both ways, 16 MiB of plain bytes.
@State(Scope.Benchmark)
public class Inflating {
  private final byte[] plain = Samples.text(16 << 20);
  private final byte[] buffer = new byte[64 << 10];
  private byte[] packed = {};

  @Setup
  public void pack() throws IOException {
    packed = gzip();
  }

  @Benchmark
  public long sixteenMebibytes() throws IOException {
    long size = 0;
    try (InputStream in =
        Compression.inflate(new ByteArrayInputStream(packed), Compression.Limits.LAYER)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        size += count;
      }
    }
    return size;
  }

  @Benchmark
  public byte[] packingSixteenMebibytes() throws IOException {
    return gzip();
  }

  private byte[] gzip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8 << 20);
    try (OutputStream gzip = Compression.gzip(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }
}
