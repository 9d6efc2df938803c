package io.djong.build.graph;

import io.djong.model.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Makes one digest of many values, so that no two lists of values have the same: each goes in with
/// its length. For one thread.
public final class Definition {
  private final MessageDigest hash = Digest.newHash(Digest.SHA256);

  /// @param kind what is defined, and the version of how
  public Definition(String kind) {
    add(kind);
  }

  public Definition add(@Nullable String value) {
    return value == null ? add((byte[]) null) : add(value.getBytes(StandardCharsets.UTF_8));
  }

  public Definition add(byte @Nullable [] value) {
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, value == null ? -1 : value.length));
    if (value != null) {
      hash.update(value);
    }
    return this;
  }

  public Definition add(long value) {
    hash.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    return this;
  }

  public Definition add(boolean value) {
    return add(value ? 1L : 0L);
  }

  public Definition add(Digest value) {
    return add(value.toString());
  }

  public Definition add(Collection<String> values) {
    add((long) values.size());
    values.forEach(this::add);
    return this;
  }

  public Digest digest() {
    return Digest.ofHash(Digest.SHA256, hash.digest());
  }
}
