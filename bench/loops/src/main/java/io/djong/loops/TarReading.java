package io.djong.loops;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// 10,000 headers, the content passed over.
@State(Scope.Benchmark)
public class TarReading {
  private final byte[] tar = Samples.tar(10_000, 600);

  @Benchmark
  public long tenThousandEntries() throws IOException {
    TarReader reader = TarReader.passingOver(new ByteArrayInputStream(tar));
    long sizes = 0;
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      sizes += entry.size();
    }
    return sizes;
  }
}
