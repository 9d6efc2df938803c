package io.djong.loops;

import io.djong.model.Digest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// SHA-256 of 16 MiB.
@State(Scope.Benchmark)
public class Hashing {
  private final byte[] bytes = Samples.text(16 << 20);

  @Benchmark
  public Digest sixteenMebibytes() {
    return Digest.of(bytes);
  }
}
