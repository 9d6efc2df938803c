package io.djong.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A path as the kernel sees it: bytes in any encoding, relative to some root. Immutable. Leading
/// and doubled slashes and `.` components are dropped; `..` stays, because only the kernel can say
/// where it leads. Ordered so that a folder comes directly before what is below it and siblings by
/// their bytes.
public final class RawPath implements Comparable<RawPath> {
  /// The root itself.
  public static final RawPath ROOT = new RawPath(new byte[0]);

  private final byte[] bytes;

  private RawPath(byte[] normalised) {
    this.bytes = normalised;
  }

  /// The path of this text in UTF-8.
  ///
  /// @throws Fault.Invalid if there is a NUL in it
  public static RawPath of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// @throws Fault.Invalid if there is a NUL in it
  public static RawPath of(byte[] text) {
    return isNormal(text) ? new RawPath(text.clone()) : new RawPath(normalise(text));
  }

  /// A copy of the bytes: components separated by single slashes, none in front.
  public byte[] bytes() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  public boolean isRoot() {
    return bytes.length == 0;
  }

  /// All but the last component; the root's parent is the root.
  public RawPath parent() {
    int slash = lastSlash();
    return slash < 0 ? ROOT : new RawPath(Arrays.copyOf(bytes, slash));
  }

  /// The last component as a path of its own; the root's name is the root.
  public RawPath name() {
    int slash = lastSlash();
    return slash < 0 ? this : new RawPath(Arrays.copyOfRange(bytes, slash + 1, bytes.length));
  }

  /// This path with another appended, also if that was written with a slash in front.
  public RawPath resolve(RawPath below) {
    if (isRoot()) {
      return below;
    }
    if (below.isRoot()) {
      return this;
    }
    byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + below.bytes.length);
    joined[bytes.length] = '/';
    System.arraycopy(below.bytes, 0, joined, bytes.length + 1, below.bytes.length);
    return new RawPath(joined);
  }

  public RawPath resolve(String below) {
    return resolve(of(below));
  }

  public RawPath resolve(byte[] below) {
    return resolve(of(below));
  }

  /// Whether this is that path or lies below it, by the words alone.
  public boolean startsWith(RawPath above) {
    int length = above.bytes.length;
    return length == 0
        || (bytes.length >= length
            && Arrays.equals(bytes, 0, length, above.bytes, 0, length)
            && (bytes.length == length || bytes[length] == '/'));
  }

  /// Whether a component is `..`.
  public boolean climbs() {
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '/') {
        if (i - start == 2 && bytes[start] == '.' && bytes[start + 1] == '.') {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  /// The components from the first on, each as a path of its own.
  public List<RawPath> components() {
    List<RawPath> components = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= bytes.length && !isRoot(); i++) {
      if (i == bytes.length || bytes[i] == '/') {
        components.add(new RawPath(Arrays.copyOfRange(bytes, start, i)));
        start = i + 1;
      }
    }
    return components;
  }

  /// How many components there are.
  public int depth() {
    int depth = bytes.length == 0 ? 0 : 1;
    for (byte b : bytes) {
      depth += b == '/' ? 1 : 0;
    }
    return depth;
  }

  @Override
  public int compareTo(RawPath other) {
    int mismatch = Arrays.mismatch(bytes, other.bytes);
    if (mismatch < 0) {
      return 0;
    }
    return Integer.compare(rank(mismatch), other.rank(mismatch));
  }

  /// End before slash before every other byte: what makes the order that of a walk.
  private int rank(int index) {
    if (index >= bytes.length) {
      return -2;
    }
    return bytes[index] == '/' ? -1 : Byte.toUnsignedInt(bytes[index]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawPath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// For people: what is not UTF-8 is replaced.
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int lastSlash() {
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] == '/') {
        return i;
      }
    }
    return -1;
  }

  private static boolean isNormal(byte[] text) {
    int start = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i < text.length && text[i] == 0) {
        return false;
      }
      if (i == text.length || text[i] == '/') {
        if ((i == start && text.length > 0) || (i - start == 1 && text[start] == '.')) {
          return false;
        }
        start = i + 1;
      }
    }
    return true;
  }

  private static byte[] normalise(byte[] text) {
    ByteArrayOutputStream normal = new ByteArrayOutputStream(text.length);
    int start = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i < text.length && text[i] == 0) {
        throw new Fault.Invalid(
            "invalid path \"" + new String(text, 0, i, StandardCharsets.UTF_8) + "\": NUL in it");
      }
      if (i == text.length || text[i] == '/') {
        int length = i - start;
        if (length > 1 || (length == 1 && text[start] != '.')) {
          if (normal.size() > 0) {
            normal.write('/');
          }
          normal.write(text, start, length);
        }
        start = i + 1;
      }
    }
    return normal.toByteArray();
  }
}
