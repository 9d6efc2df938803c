package io.djong.content.tar;

import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads an archive from its beginning: ustar, POSIX pax, GNU long names, GNU's four ways to write
/// sparse files, base-256 numbers, and what came before ustar. Global extended headers are ignored,
/// as Docker does. The archive comes from strangers: what is truncated, contradicts itself or is
/// beyond the limits ends it with a [Fault.Invalid] that names the entry. For one thread. Reads
/// ahead, so the stream is of no further use to anybody else.
public final class TarReader {
  private final TarInput in;
  private final TarLimits limits;
  private long entries;
  private String last = "";

  private long storedLeft;
  private long padding;
  private @Nullable SparseMap sparse;
  private long logicalSize;

  public TarReader(InputStream in) {
    this(in, TarLimits.DEFAULT);
  }

  public TarReader(InputStream in, TarLimits limits) {
    this(new TarInput(in, false), limits);
  }

  private TarReader(TarInput in, TarLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /// A reader for whoever looks only at the entries: content that is passed over is skipped by the
  /// stream's own means, and never read where these are better.
  public static TarReader passingOver(InputStream in) {
    return new TarReader(new TarInput(in, true), TarLimits.DEFAULT);
  }

  /// The next entry; what was not read of the one before is passed over.
  ///
  /// @return null at the end of the archive
  public @Nullable TarEntry next() throws IOException {
    try {
      in.skip(storedLeft);
      in.skip(padding);
      storedLeft = 0;
      padding = 0;
      sparse = null;
      TarEntry entry = readEntry();
      last = entry == null ? last : entry.name().toString();
      return entry;
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(
          "damaged tar archive, entry " + entries + position() + ": " + e.getMessage(), e);
    } catch (EOFException e) {
      throw truncated(e);
    }
  }

  /// The content of the current file, holes as zeros. Good until the next entry is asked for;
  /// closing it does nothing.
  public InputStream content() {
    return new SparseContent(this, sparse, logicalSize);
  }

  /// Reads the archive's stream to its end: what is behind the last entry belongs to its digest.
  public void drain() throws IOException {
    in.drain();
  }

  /// Where the stored pieces of the current file lie; null if it has no holes.
  public @Nullable SparseMap sparse() {
    return sparse;
  }

  /// Where in the archive the next byte of what is stored of the current file lies.
  public long storedPosition() {
    return in.position();
  }

  /// Reads what is stored of the current file, without its holes.
  ///
  /// @return -1 at its end
  public int readStored(byte[] into, int offset, int length) throws IOException {
    if (storedLeft == 0) {
      return -1;
    }
    int got = in.read(into, offset, (int) Math.min(length, storedLeft));
    if (got < 0) {
      throw truncated(new EOFException());
    }
    storedLeft -= got;
    return got;
  }

  private @Nullable TarEntry readEntry() throws IOException {
    PaxRecords pax = new PaxRecords();
    byte @Nullable [] longName = null;
    byte @Nullable [] longLink = null;
    boolean extended = false;
    while (true) {
      TarHeader header = readHeader();
      if (header == null) {
        if (extended) {
          throw new Fault.Invalid("an extended header belongs to no entry");
        }
        return null;
      }
      switch (header.flag()) {
        case 'x' -> pax = PaxRecords.parse(readMeta(header, limits.headerBytes()));
        case 'g' -> readMeta(header, limits.headerBytes());
        case 'L' -> longName = untilNul(readMeta(header, limits.nameLength() + 1));
        case 'K' -> longLink = untilNul(readMeta(header, limits.nameLength() + 1));
        default -> {
          return entry(header, pax, longName, longLink);
        }
      }
      extended = header.flag() != 'g';
    }
  }

  private @Nullable TarHeader readHeader() throws IOException {
    byte[] block = new byte[TarInput.BLOCK];
    if (!in.readBlock(block)) {
      return null;
    }
    if (isZero(block)) {
      // Two blocks of zeros are the end; archives that were cut after the first are let pass.
      if (in.readBlock(block) && !isZero(block)) {
        throw new Fault.Invalid("a block of zeros in the middle");
      }
      return null;
    }
    if (++entries > limits.entries()) {
      throw new Fault.Invalid("more than " + limits.entries() + " entries");
    }
    return TarHeader.parse(block);
  }

  private byte[] readMeta(TarHeader header, int limit) throws IOException {
    long size = header.size();
    if (size < 0 || size > limit) {
      throw new Fault.Invalid("an extended header of " + size + " bytes; the limit is " + limit);
    }
    byte[] bytes = in.readExactly((int) size);
    in.skip(TarInput.padding(size));
    return bytes;
  }

  private TarEntry entry(
      TarHeader header, PaxRecords pax, byte @Nullable [] longName, byte @Nullable [] longLink)
      throws IOException {
    byte[] name = first(pax.bytes("GNU.sparse.name"), pax.bytes("path"), longName, header.name());
    byte[] linkName = first(null, pax.bytes("linkpath"), longLink, header.linkName());
    last = new String(name, StandardCharsets.UTF_8);
    checkName(name, "name");
    checkName(linkName, "link name");
    if (name.length == 0) {
      throw new Fault.Invalid("an entry without a name");
    }
    TarEntry.Kind kind = header.kind(name);
    String paxSize = pax.text("size");
    long size = paxSize == null ? header.size() : TarNumbers.decimal(paxSize, "size");
    if (size < 0) {
      throw new Fault.Invalid("the size " + size + " is negative");
    }
    boolean file = kind == TarEntry.Kind.FILE;
    storedLeft = header.hasContent() ? size : 0;
    padding = TarInput.padding(storedLeft);
    logicalSize = file ? size : 0;
    if (file) {
      readSparse(header, pax);
    }
    String mtime = pax.text("mtime");
    String atime = pax.text("atime");
    boolean device = kind == TarEntry.Kind.CHARACTER_DEVICE || kind == TarEntry.Kind.BLOCK_DEVICE;
    boolean link = kind == TarEntry.Kind.HARD_LINK || kind == TarEntry.Kind.SYMLINK;
    if (link && linkName.length == 0) {
      throw new Fault.Invalid("a link that leads nowhere");
    }
    return new TarEntry(
        kind,
        RawPath.of(name),
        header.permissions(),
        id(pax.text("uid"), header.uid(), "uid"),
        id(pax.text("gid"), header.gid(), "gid"),
        logicalSize,
        mtime == null
            ? TarNumbers.time(header.modified(), "mtime")
            : TarNumbers.decimalTime(mtime, "mtime"),
        atime == null ? null : TarNumbers.decimalTime(atime, "atime"),
        link ? linkName : new byte[0],
        device ? header.deviceMajor() : 0,
        device ? header.deviceMinor() : 0,
        pax.xattrs());
  }

  private void readSparse(TarHeader header, PaxRecords pax) throws IOException {
    List<Long> numbers;
    long realSize;
    if (header.flag() == 'S') {
      numbers = new ArrayList<>();
      realSize = header.gnuSparse(numbers);
      boolean more = header.gnuSparseGoesOn();
      while (more) {
        more = TarHeader.gnuSparseBlock(in.readExactly(TarInput.BLOCK), numbers);
        if (numbers.size() > limits.headerBytes() / Long.BYTES) {
          throw new Fault.Invalid("a sparse map beyond the limit");
        }
      }
    } else if ("1".equals(pax.text("GNU.sparse.major"))) {
      numbers = readSparseMap();
      realSize =
          TarNumbers.decimal(
              Objects.requireNonNullElse(pax.text("GNU.sparse.realsize"), ""), "size");
    } else {
      String map = pax.text("GNU.sparse.map");
      String size = pax.text("GNU.sparse.size");
      if (size == null) {
        return;
      }
      realSize = TarNumbers.decimal(size, "size");
      numbers = map == null ? pax.sparseNumbers() : numbers(map);
    }
    sparse = SparseMap.of(numbers, realSize, storedLeft, limits);
    logicalSize = realSize;
  }

  /// GNU.sparse 1.0 has its map in front of the content: numbers on lines, padded to a block.
  private List<Long> readSparseMap() throws IOException {
    List<Long> numbers = new ArrayList<>();
    StringBuilder number = new StringBuilder();
    long expected = 1;
    long used = 0;
    byte[] block = new byte[TarInput.BLOCK];
    while (numbers.size() < expected) {
      if (used + block.length > Math.min(limits.headerBytes(), storedLeft + padding)
          || !in.readBlock(block)) {
        throw new Fault.Invalid("a sparse map that does not end");
      }
      used += block.length;
      for (int i = 0; i < block.length && numbers.size() < expected; i++) {
        if (block[i] == '\n') {
          long value = TarNumbers.decimal(number.toString(), "sparse map");
          number.setLength(0);
          if (numbers.isEmpty()) {
            if (value < 0 || value > limits.headerBytes()) {
              throw new Fault.Invalid("a sparse map of " + value + " pieces");
            }
            expected = 1 + 2 * value;
          }
          numbers.add(value);
        } else {
          number.append((char) block[i]);
        }
      }
    }
    if (used > storedLeft) {
      throw new Fault.Invalid("a sparse map that is larger than its entry");
    }
    storedLeft -= used;
    return numbers.subList(1, numbers.size());
  }

  private static List<Long> numbers(String map) {
    List<Long> numbers = new ArrayList<>();
    for (String number : map.split(",", -1)) {
      numbers.add(TarNumbers.decimal(number, "sparse map"));
    }
    return numbers;
  }

  private void checkName(byte[] name, String what) {
    if (name.length > limits.nameLength()) {
      throw new Fault.Invalid(
          "a " + what + " of " + name.length + " bytes; the limit is " + limits.nameLength());
    }
    for (byte b : name) {
      if (b == 0) {
        throw new Fault.Invalid("a " + what + " with NUL in it");
      }
    }
  }

  private static int id(@Nullable String extended, long plain, String what) {
    return TarNumbers.id(extended == null ? plain : TarNumbers.decimal(extended, what), what);
  }

  private static byte[] first(
      byte @Nullable [] a, byte @Nullable [] b, byte @Nullable [] c, byte[] otherwise) {
    if (a != null) {
      return a;
    }
    return b != null ? b : c != null ? c : otherwise;
  }

  private static byte[] untilNul(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private Fault.Invalid truncated(EOFException cause) {
    return new Fault.Invalid("truncated tar archive, entry " + entries + position(), cause);
  }

  private String position() {
    return last.isEmpty() ? "" : " (at \"" + last + "\")";
  }
}
