package io.djong.content.compress;

import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;

/// Reads gzip (RFC 1952), member after member to the end of the stream. Unlike the JDK's own stream
/// it bounds the fields of the header, finds the next member wherever the packets of a network end,
/// and refuses what follows the last member.
public final class GzipInput extends InputStream {
  private static final int BUFFER = DeflateReader.MAX_INPUT;
  private static final int MAX_TEXT = 64 << 10;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final DeflateReader inflater;
  private final CRC32 contentCrc = new CRC32();
  private final CRC32 headerCrc = new CRC32();
  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int end;
  private long memberBytes;
  private boolean inMember;
  private boolean ended;
  private boolean closed;

  /// Nothing is read before the first read.
  public GzipInput(InputStream in) {
    this(in, DeflateReader.fastest());
  }

  GzipInput(InputStream in, DeflateReader inflater) {
    this.in = in;
    this.inflater = inflater;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw new IOException("stream closed");
    }
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      if (!inMember) {
        startMember();
        continue;
      }
      int n = inflate(bytes, offset, length);
      if (n > 0) {
        contentCrc.update(bytes, offset, n);
        memberBytes += n;
        return n;
      }
      if (inflater.isFinished()) {
        finishMember();
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      inflater.close();
      in.close();
    }
  }

  private int inflate(byte[] bytes, int offset, int length) throws IOException {
    try {
      if (inflater.needsInput()) {
        if (next == end && !fill()) {
          throw truncated();
        }
        inflater.give(buffer, next, end - next);
        next = end;
      }
      return inflater.inflate(bytes, offset, length);
    } catch (DataFormatException e) {
      throw new Fault.Invalid("damaged gzip content: " + e.getMessage(), e);
    }
  }

  private void startMember() throws IOException {
    if (next == end && !fill()) {
      ended = true;
      return;
    }
    headerCrc.reset();
    if (header() != 0x1f || header() != 0x8b) {
      throw damaged("bytes that are not gzip follow");
    }
    if (header() != 8) {
      throw damaged("unknown method");
    }
    int flags = header();
    if ((flags & RESERVED) != 0) {
      throw damaged("unknown flags");
    }
    for (int i = 0; i < 6; i++) {
      header(); // time, extra flags, operating system
    }
    if ((flags & EXTRA) != 0) {
      int length = header() | header() << 8;
      for (int i = 0; i < length; i++) {
        header();
      }
    }
    if ((flags & NAME) != 0) {
      text();
    }
    if ((flags & COMMENT) != 0) {
      text();
    }
    if ((flags & HEADER_CRC) != 0) {
      int found = (int) headerCrc.getValue() & 0xffff;
      if ((header() | header() << 8) != found) {
        throw damaged("the header's checksum is wrong");
      }
    }
    inflater.reset();
    contentCrc.reset();
    memberBytes = 0;
    inMember = true;
  }

  private void text() throws IOException {
    for (int i = 0; header() != 0; i++) {
      if (i == MAX_TEXT) {
        throw damaged("a header field is longer than " + MAX_TEXT + " bytes");
      }
    }
  }

  private void finishMember() throws IOException {
    next = end - inflater.remaining();
    long crc = number();
    long size = number();
    if (crc != contentCrc.getValue()) {
      throw damaged("the checksum is wrong");
    }
    if (size != (memberBytes & 0xffffffffL)) {
      throw damaged("the size is wrong");
    }
    inMember = false;
  }

  private long number() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (long) header() << shift;
    }
    return value;
  }

  private int header() throws IOException {
    if (next == end && !fill()) {
      throw truncated();
    }
    byte b = buffer[next++];
    headerCrc.update(b);
    return b & 0xff;
  }

  private boolean fill() throws IOException {
    int n = in.read(buffer, 0, buffer.length);
    next = 0;
    end = Math.max(n, 0);
    return n > 0;
  }

  private static Fault.Invalid truncated() {
    return new Fault.Invalid("gzip content ends too early: it was cut off");
  }

  private static Fault.Invalid damaged(String why) {
    return new Fault.Invalid("damaged gzip content: " + why);
  }
}
