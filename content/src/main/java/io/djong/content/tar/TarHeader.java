package io.djong.content.tar;

import io.djong.model.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// One block of 512 bytes in front of an entry; its check sum is right.
final class TarHeader {
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_END = 156;
  private static final int MAGIC = 257;
  private static final int GNU_SPARSE = 386;
  private static final int GNU_SPARSE_GOES_ON = 482;
  private static final int GNU_REAL_SIZE = 483;
  private static final int EXTENSION_GOES_ON = 504;
  private static final int SPARSE_NUMBER = 12;

  private final byte[] block;

  private TarHeader(byte[] block) {
    this.block = block;
  }

  static TarHeader parse(byte[] block) {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < block.length; i++) {
      int b = i >= CHECKSUM && i < CHECKSUM_END ? ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    long expected = TarNumbers.field(block, CHECKSUM, 8, "check sum");
    if (expected != unsigned && expected != signed) {
      throw new Fault.Invalid("the check sum of the header is wrong");
    }
    return new TarHeader(block);
  }

  char flag() {
    return (char) Byte.toUnsignedInt(block[156]);
  }

  /// @param name the full one, which may stand elsewhere
  TarEntry.Kind kind(byte[] name) {
    return switch (flag()) {
      // Before ustar, a folder was a file whose name ends with a slash.
      case '0', '\0', '7', 'S' ->
          name[name.length - 1] == '/' ? TarEntry.Kind.FOLDER : TarEntry.Kind.FILE;
      case '1' -> TarEntry.Kind.HARD_LINK;
      case '2' -> TarEntry.Kind.SYMLINK;
      case '3' -> TarEntry.Kind.CHARACTER_DEVICE;
      case '4' -> TarEntry.Kind.BLOCK_DEVICE;
      case '5' -> TarEntry.Kind.FOLDER;
      case '6' -> TarEntry.Kind.FIFO;
      default ->
          throw new Fault.Invalid(
              "entries of type " + Integer.toHexString(flag()) + " (hex) are not supported");
    };
  }

  /// Whether bytes follow. Links, devices and folders may state a size and have none.
  boolean hasContent() {
    return switch (flag()) {
      case '0', '\0', '7', 'S' -> true;
      default -> false;
    };
  }

  byte[] name() {
    byte[] name = text(0, 100);
    byte[] prefix = prefix();
    if (prefix.length == 0) {
      return name;
    }
    byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    joined[prefix.length] = '/';
    System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
    return joined;
  }

  /// Only POSIX archives have a prefix; GNU keeps other things there, and star less of it.
  private byte[] prefix() {
    if (!new String(block, MAGIC, 6, StandardCharsets.ISO_8859_1).equals("ustar\0")) {
      return new byte[0];
    }
    boolean star = new String(block, 508, 4, StandardCharsets.ISO_8859_1).equals("tar\0");
    return text(345, star ? 131 : 155);
  }

  byte[] linkName() {
    return text(157, 100);
  }

  int permissions() {
    return (int) (TarNumbers.field(block, 100, 8, "mode") & 07777);
  }

  long uid() {
    return TarNumbers.field(block, 108, 8, "uid");
  }

  long gid() {
    return TarNumbers.field(block, 116, 8, "gid");
  }

  long size() {
    return TarNumbers.field(block, 124, 12, "size");
  }

  long modified() {
    return TarNumbers.field(block, 136, 12, "mtime");
  }

  int deviceMajor() {
    return device(329, 0xfff, "device major");
  }

  int deviceMinor() {
    return device(337, 0xfffff, "device minor");
  }

  private int device(int offset, int most, String what) {
    long value = TarNumbers.field(block, offset, 8, what);
    if (value < 0 || value > most) {
      throw new Fault.Invalid("the " + what + " " + value + " is out of range");
    }
    return (int) value;
  }

  /// @return the size of the file with its holes
  long gnuSparse(List<Long> numbers) {
    sparseNumbers(block, GNU_SPARSE, 4, numbers);
    return TarNumbers.field(block, GNU_REAL_SIZE, 12, "size");
  }

  boolean gnuSparseGoesOn() {
    return block[GNU_SPARSE_GOES_ON] != 0;
  }

  /// @return whether one more block of the map follows
  static boolean gnuSparseBlock(byte[] extension, List<Long> numbers) {
    sparseNumbers(extension, 0, 21, numbers);
    return extension[EXTENSION_GOES_ON] != 0;
  }

  private static void sparseNumbers(byte[] block, int start, int pairs, List<Long> numbers) {
    for (int pair = 0; pair < pairs; pair++) {
      int at = start + pair * 2 * SPARSE_NUMBER;
      if (block[at] == 0) {
        return;
      }
      numbers.add(TarNumbers.field(block, at, SPARSE_NUMBER, "sparse map"));
      numbers.add(TarNumbers.field(block, at + SPARSE_NUMBER, SPARSE_NUMBER, "sparse map"));
    }
  }

  private byte[] text(int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(block, offset, end);
  }
}
