package io.djong.content.compress;

import io.djong.linux.IsalInflater;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Inflates raw deflate data (RFC 1951), one stream after another. For one thread.
interface DeflateReader extends AutoCloseable {
  /// The most bytes that may be given at once.
  int MAX_INPUT = IsalInflater.MAX_INPUT;

  /// The fastest there is on this machine.
  static DeflateReader fastest() {
    return IsalInflater.isPresent() ? new Isal() : new Jdk();
  }

  /// Makes it ready for the beginning of another stream.
  void reset();

  /// Gives the next bytes of the stream; only when it [#needsInput].
  void give(byte[] bytes, int offset, int length);

  boolean needsInput();

  /// @return how many bytes came out; 0 if it needs input or the stream has ended
  int inflate(byte[] bytes, int offset, int length) throws DataFormatException;

  boolean isFinished();

  /// How many of the given bytes follow the end of the stream.
  int remaining();

  @Override
  void close();

  /// That of the JDK: always there.
  final class Jdk implements DeflateReader {
    private final Inflater inflater = new Inflater(true);

    @Override
    public void reset() {
      inflater.reset();
    }

    @Override
    public void give(byte[] bytes, int offset, int length) {
      inflater.setInput(bytes, offset, length);
    }

    @Override
    public boolean needsInput() {
      return inflater.needsInput() && !inflater.finished();
    }

    @Override
    public int inflate(byte[] bytes, int offset, int length) throws DataFormatException {
      return inflater.inflate(bytes, offset, length);
    }

    @Override
    public boolean isFinished() {
      return inflater.finished();
    }

    @Override
    public int remaining() {
      return inflater.getRemaining();
    }

    @Override
    public void close() {
      inflater.end();
    }
  }

  /// That of the library ISA-L, where it is installed.
  final class Isal implements DeflateReader {
    private final IsalInflater inflater = new IsalInflater();

    @Override
    public void reset() {
      inflater.reset();
    }

    @Override
    public void give(byte[] bytes, int offset, int length) {
      inflater.give(bytes, offset, length);
    }

    @Override
    public boolean needsInput() {
      return inflater.needsInput();
    }

    @Override
    public int inflate(byte[] bytes, int offset, int length) throws DataFormatException {
      return inflater.inflate(bytes, offset, length);
    }

    @Override
    public boolean isFinished() {
      return inflater.isFinished();
    }

    @Override
    public int remaining() {
      return inflater.remaining();
    }

    @Override
    public void close() {
      inflater.close();
    }
  }
}
