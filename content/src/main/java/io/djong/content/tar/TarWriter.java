package io.djong.content.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Writes an archive: plain ustar, with a pax header only before entries that need one. The bytes
/// depend on nothing but the entries: no user names, no clock. For one thread.
public final class TarWriter implements AutoCloseable {
  private static final int NAME = 100;
  private static final int PREFIX = 155;

  private final OutputStream out;
  private final byte[] before;
  private final byte[] copy = new byte[1 << 16];

  /// @param out gets large writes; not closed by this writer
  public TarWriter(OutputStream out) {
    this(out, false);
  }

  /// @param dotted whether names begin with `./`, as those who rename the root of an archive expect
  public TarWriter(OutputStream out, boolean dotted) {
    this.out = out;
    this.before = dotted ? new byte[] {'.', '/'} : new byte[0];
  }

  /// Writes an entry that has no content.
  ///
  /// @throws IllegalArgumentException if it states a size
  public void put(TarEntry entry) throws IOException {
    if (entry.size() != 0) {
      throw new IllegalArgumentException(entry.name() + " has content");
    }
    writeHeaders(entry);
  }

  /// Writes a file with its content.
  ///
  /// @param content read as far as the size goes, not closed
  /// @throws IOException also if the content is shorter than the size; then the archive is of no
  ///   use
  public void put(TarEntry entry, InputStream content) throws IOException {
    writeHeaders(entry);
    long left = entry.size();
    while (left > 0) {
      int got = content.read(copy, 0, (int) Math.min(copy.length, left));
      if (got < 0) {
        throw new IOException(
            "\"" + entry.name() + "\" got shorter while it was read, by " + left + " bytes");
      }
      out.write(copy, 0, got);
      left -= got;
    }
    out.write(new byte[(int) TarInput.padding(entry.size())]);
  }

  /// Writes the end of the archive. Without it, readers take it for truncated.
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * TarInput.BLOCK]);
    out.flush();
  }

  private void writeHeaders(TarEntry entry) throws IOException {
    Map<String, byte[]> pax = new TreeMap<>();
    byte[] name = fullName(entry);
    byte[] block = new byte[TarInput.BLOCK];
    if (!putName(block, name)) {
      pax.put("path", name);
      copy(block, 0, NAME, name);
    }
    byte[] link =
        entry.kind() == TarEntry.Kind.HARD_LINK ? prefixed(entry.linkName()) : entry.linkName();
    if (link.length > NAME) {
      pax.put("linkpath", link);
    }
    copy(block, 157, NAME, link);
    number(block, 108, 8, Integer.toUnsignedLong(entry.uid()), "uid", pax);
    number(block, 116, 8, Integer.toUnsignedLong(entry.gid()), "gid", pax);
    number(block, 124, 12, entry.size(), "size", pax);
    Instant modified = entry.modified();
    long seconds = modified.getEpochSecond();
    number(block, 136, 12, seconds, "mtime", pax);
    if (modified.getNano() != 0) {
      pax.put("mtime", ascii(TarNumbers.decimalTime(modified)));
    }
    if (entry.accessed() != null) {
      pax.put("atime", ascii(TarNumbers.decimalTime(entry.accessed())));
    }
    entry.xattrs().forEach((key, value) -> pax.put(PaxRecords.XATTR + key, value));
    if (!pax.isEmpty()) {
      writePax(name, pax);
    }
    boolean device =
        entry.kind() == TarEntry.Kind.CHARACTER_DEVICE
            || entry.kind() == TarEntry.Kind.BLOCK_DEVICE;
    octal(block, 329, 8, device ? entry.deviceMajor() : 0);
    octal(block, 337, 8, device ? entry.deviceMinor() : 0);
    finish(block, entry.permissions(), entry.kind().flag());
  }

  private void writePax(byte[] name, Map<String, byte[]> records) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> record : records.entrySet()) {
      byte[] key = record.getKey().getBytes(StandardCharsets.UTF_8);
      // The length counts its own digits.
      int rest = key.length + record.getValue().length + 3;
      int length = rest + 1;
      while (length != rest + Integer.toString(length).length()) {
        length = rest + Integer.toString(length).length();
      }
      text.writeBytes(ascii(length + " "));
      text.writeBytes(key);
      text.write('=');
      text.writeBytes(record.getValue());
      text.write('\n');
    }
    byte[] block = new byte[TarInput.BLOCK];
    byte[] folder = ascii("PaxHeaders.0/");
    int start = lastComponent(name);
    byte[] own = Arrays.copyOf(folder, folder.length + name.length - start);
    System.arraycopy(name, start, own, folder.length, name.length - start);
    copy(block, 0, NAME, own);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, text.size());
    octal(block, 136, 12, 0);
    octal(block, 329, 8, 0);
    octal(block, 337, 8, 0);
    finish(block, 0644, (byte) 'x');
    text.writeBytes(new byte[(int) TarInput.padding(text.size())]);
    text.writeTo(out);
  }

  private void finish(byte[] block, int permissions, byte flag) throws IOException {
    octal(block, 100, 8, permissions);
    block[156] = flag;
    copy(block, 257, 8, ascii("ustar\00000"));
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += Byte.toUnsignedInt(b);
    }
    octal(block, 148, 7, sum);
    out.write(block);
  }

  private byte[] fullName(TarEntry entry) {
    byte[] name = entry.name().isRoot() ? new byte[] {'.'} : prefixed(entry.name().bytes());
    if (entry.kind() != TarEntry.Kind.FOLDER) {
      return name;
    }
    byte[] withSlash = Arrays.copyOf(name, name.length + 1);
    withSlash[name.length] = '/';
    return withSlash;
  }

  private byte[] prefixed(byte[] name) {
    byte[] whole = Arrays.copyOf(before, before.length + name.length);
    System.arraycopy(name, 0, whole, before.length, name.length);
    return whole;
  }

  /// @return false if the name does not fit, not even in two parts
  private static boolean putName(byte[] block, byte[] name) {
    if (name.length <= NAME) {
      copy(block, 0, NAME, name);
      return true;
    }
    for (int slash = Math.max(1, name.length - 1 - NAME);
        slash <= PREFIX && slash < name.length - 1;
        slash++) {
      if (name[slash] == '/') {
        copy(block, 345, PREFIX, Arrays.copyOf(name, slash));
        copy(block, 0, NAME, Arrays.copyOfRange(name, slash + 1, name.length));
        return true;
      }
    }
    return false;
  }

  private static int lastComponent(byte[] name) {
    for (int i = name.length - 2; i >= 0; i--) {
      if (name[i] == '/') {
        return i + 1;
      }
    }
    return 0;
  }

  private static void copy(byte[] block, int offset, int most, byte[] bytes) {
    System.arraycopy(bytes, 0, block, offset, Math.min(most, bytes.length));
  }

  /// A number that goes to the pax header if the field is too narrow.
  private static void number(
      byte[] block, int offset, int length, long value, String key, Map<String, byte[]> pax) {
    boolean fits = value >= 0 && value < (1L << (3 * (length - 1)));
    if (!fits) {
      pax.put(key, ascii(Long.toString(value)));
    }
    octal(block, offset, length, fits ? value : 0);
  }

  private static void octal(byte[] block, int offset, int length, long value) {
    long left = value;
    for (int i = offset + length - 2; i >= offset; i--) {
      block[i] = (byte) ('0' + (left & 7));
      left >>>= 3;
    }
    block[offset + length - 1] = 0;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
