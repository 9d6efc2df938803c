package io.djong.layers;

import io.djong.model.Digest;
import java.util.List;

/// Names a stack of layers (OCI image specification, Layer ChainID). Equal stacks have equal names.
public record ChainId(Digest digest) {
  /// The chain of these layers, from the base upwards; at least one.
  public static ChainId of(List<Digest> diffIds) {
    ChainId chain = new ChainId(diffIds.getFirst());
    for (Digest diffId : diffIds.subList(1, diffIds.size())) {
      chain = chain.plus(diffId);
    }
    return chain;
  }

  /// This chain with one more layer on top.
  public ChainId plus(Digest diffId) {
    String text = digest + " " + diffId;
    return new ChainId(Digest.of(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
  }

  @Override
  public String toString() {
    return digest.toString();
  }
}
