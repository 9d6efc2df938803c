package io.djong.model;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// A parsed document together with the exact bytes it came from: the digest belongs to the bytes,
/// so they are never written anew. Immutable.
public final class Document<T> {
  private final Descriptor descriptor;
  private final T value;
  private final byte[] bytes;

  private Document(Descriptor descriptor, T value, byte[] bytes) {
    this.descriptor = descriptor;
    this.value = value;
    this.bytes = bytes;
  }

  /// The document of these bytes; the descriptor is made from them.
  public static <T> Document<T> of(String mediaType, T value, byte[] bytes) {
    byte[] own = bytes.clone();
    return new Document<>(Descriptor.of(mediaType, own), value, own);
  }

  public Descriptor descriptor() {
    return descriptor;
  }

  public Digest digest() {
    return descriptor.digest();
  }

  public T value() {
    return value;
  }

  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }

  /// A copy of the bytes.
  public byte[] bytes() {
    return bytes.clone();
  }
}
