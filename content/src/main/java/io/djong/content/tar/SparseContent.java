package io.djong.content.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The content of a file as a program would read it: holes are zeros.
final class SparseContent extends InputStream {
  private final TarReader reader;
  private final @Nullable SparseMap map;
  private final long size;
  private long position;
  private int piece;

  SparseContent(TarReader reader, @Nullable SparseMap map, long size) {
    this.reader = reader;
    this.map = map;
    this.size = size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (map == null) {
      return reader.readStored(into, offset, length);
    }
    if (position == size) {
      return -1;
    }
    if (piece < map.pieces().size()) {
      SparseMap.Piece here = map.pieces().get(piece);
      if (position >= here.offset()) {
        long left = here.offset() + here.length() - position;
        int got = reader.readStored(into, offset, (int) Math.min(length, left));
        position += got;
        piece += got == left ? 1 : 0;
        return got;
      }
      return zeros(into, offset, length, here.offset());
    }
    return zeros(into, offset, length, size);
  }

  private int zeros(byte[] into, int offset, int length, long until) {
    int count = (int) Math.min(length, until - position);
    Arrays.fill(into, offset, offset + count, (byte) 0);
    position += count;
    return count;
  }
}
