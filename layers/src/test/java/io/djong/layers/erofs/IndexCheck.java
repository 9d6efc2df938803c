package io.djong.layers.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/// Reads an index as the kernel does, and as strictly as it could: written from the format's
/// documentation, not from the writer.
final class IndexCheck {
  private static final int BLOCK = 512;

  private final ByteBuffer index;
  private final long tarBlocks;
  private final Set<Long> seen = new HashSet<>();

  private IndexCheck(byte[] index, long tarSize) {
    this.index = ByteBuffer.wrap(index).order(ByteOrder.LITTLE_ENDIAN);
    this.tarBlocks = (tarSize + BLOCK - 1) / BLOCK;
  }

  /// @return how many inodes there are
  static int check(byte[] index, long tarSize) {
    return new IndexCheck(index, tarSize).run();
  }

  private int run() {
    assertThat(index.capacity() % BLOCK).isZero();
    assertThat(index.getInt(1024)).isEqualTo(0xE0F5E1E2);
    byte[] block = new byte[BLOCK];
    index.get(1024, block);
    Arrays.fill(block, 4, 8, (byte) 0);
    CRC32C checksum = new CRC32C();
    checksum.update(block);
    assertThat(index.getInt(1028)).isEqualTo(~(int) checksum.getValue());
    assertThat(index.getInt(1024 + 36)).isEqualTo(index.capacity() / BLOCK);
    assertThat(index.getInt(1152 + 64)).isEqualTo((int) tarBlocks);
    long root = Short.toUnsignedLong(index.getShort(1024 + 14));
    Deque<Long> todo = new ArrayDeque<>();
    todo.add(root);
    seen.add(root);
    while (!todo.isEmpty()) {
      inode(todo.remove(), todo);
    }
    assertThat(index.getLong(1024 + 16)).isEqualTo(seen.size());
    return seen.size();
  }

  private void inode(long nid, Deque<Long> todo) {
    int at = Math.toIntExact(nid * 32);
    int layout = index.getShort(at) >> 1;
    assertThat(index.getShort(at) & 1).isEqualTo(1);
    int count = Short.toUnsignedInt(index.getShort(at + 2));
    int xattrs = count == 0 ? 0 : 12 + 4 * (count - 1);
    xattrs(at + 64, xattrs);
    int mode = Short.toUnsignedInt(index.getShort(at + 4));
    long size = index.getLong(at + 8);
    assertThat(size).isNotNegative();
    assertThat(index.getInt(at + 40)).isBetween(0, 999_999_999);
    assertThat(index.getInt(at + 44)).isPositive();
    long block = Integer.toUnsignedLong(index.getInt(at + 16));
    switch (mode & 0170000) {
      case 0040000 -> folder(block, size, todo);
      case 0120000 -> {
        assertThat(size).isBetween(1L, 4095L);
        if (layout == 2) {
          assertThat(at % BLOCK + 64 + size).isLessThanOrEqualTo(BLOCK);
        } else {
          inside(block, (size + BLOCK - 1) / BLOCK, index.capacity() / BLOCK);
        }
      }
      case 0100000 -> {
        if (size > 0) {
          assertThat(layout).isEqualTo(4);
          chunks((at + 64 + xattrs + 7) & -8, (int) block, size);
        }
      }
      default -> assertThat(size).isZero();
    }
  }

  private void xattrs(int from, int size) {
    int at = from + 12;
    while (at < from + size) {
      int name = Byte.toUnsignedInt(index.get(at));
      int value = Short.toUnsignedInt(index.getShort(at + 2));
      assertThat(name).isPositive();
      at += (4 + name + value + 3) & -4;
    }
    assertThat(at).isEqualTo(size == 0 ? from + 12 : from + size);
  }

  private void folder(long block, long size, Deque<Long> todo) {
    long blocks = (size + BLOCK - 1) / BLOCK;
    inside(block, blocks, index.capacity() / BLOCK);
    byte[] before = null;
    int dots = 0;
    for (long i = 0; i < blocks; i++) {
      int start = Math.toIntExact((block + i) * BLOCK);
      int end = (int) Math.min(BLOCK, size - i * BLOCK);
      int first = Short.toUnsignedInt(index.getShort(start + 8));
      assertThat(first % 12).isZero();
      assertThat(first).isBetween(12, end);
      for (int at = 0; at < first; at += 12) {
        int from = Short.toUnsignedInt(index.getShort(start + at + 8));
        int to = at + 12 < first ? Short.toUnsignedInt(index.getShort(start + at + 20)) : end;
        byte[] name = new byte[to - from];
        index.get(start + from, name);
        if (at + 12 >= first) {
          int used = name.length;
          while (used > 0 && name[used - 1] == 0) {
            used--;
          }
          name = Arrays.copyOf(name, used);
        }
        assertThat(name.length).isBetween(1, 255);
        for (byte b : name) {
          assertThat(b).isNotEqualTo((byte) '/').isNotZero();
        }
        if (before != null) {
          assertThat(Arrays.compareUnsigned(before, name)).isNegative();
        }
        before = name;
        boolean dot = name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
        dots += dot ? 1 : 0;
        long nid = index.getLong(start + at);
        if (!dot && seen.add(nid)) {
          todo.add(nid);
        }
      }
    }
    assertThat(dots).isEqualTo(2);
  }

  private void chunks(int from, int format, long size) {
    assertThat(format & ~0x3f).isZero();
    assertThat(format & 0x20).isEqualTo(0x20);
    long chunk = (long) BLOCK << (format & 0x1f);
    long at = from;
    for (long start = 0; start < size; start += chunk, at += 8) {
      long block = Integer.toUnsignedLong(index.getInt((int) at + 4));
      int device = index.getShort((int) at + 2);
      if (block == 0xffff_ffffL) {
        continue;
      }
      long blocks = (Math.min(chunk, size - start) + BLOCK - 1) / BLOCK;
      inside(block, blocks, device == 1 ? tarBlocks : index.capacity() / BLOCK);
    }
  }

  private static void inside(long block, long blocks, long all) {
    assertThat(block).isBetween(0L, all);
    assertThat(block + blocks).isLessThanOrEqualTo(all);
  }
}
