package io.djong.layers.erofs;

import io.djong.content.tar.TarReader;
import io.djong.layers.overlay.LayerApplier;
import io.djong.layers.overlay.LayerStack;
import io.djong.loops.Samples;
import io.djong.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// From a tar of 10,000 small files to its index. In this package since the writer is its own
/// business.
@State(Scope.Benchmark)
public class IndexWriting {
  private final byte[] tar = Samples.tar(10_000, 600);
  private final Digest name = Digest.of(tar);

  @Benchmark
  public int tenThousandFiles() throws IOException {
    ByteArrayOutputStream index = new ByteArrayOutputStream(4 << 20);
    try (LayerStack below = LayerStack.none()) {
      IndexedTree tree = new IndexedTree(below::folderEntry, new IndexLimits());
      new LayerApplier(tree, below).apply(TarReader.passingOver(new ByteArrayInputStream(tar)));
      IndexOutput out = new IndexOutput(index);
      new IndexWriter(IndexLayout.of(tree.root()), this::read, tar.length, out).write(name);
      out.flush();
    }
    return index.size();
  }

  private int read(ByteBuffer into, long from) {
    int length = (int) Math.min(into.remaining(), tar.length - from);
    into.put(tar, (int) from, length);
    return length;
  }
}
