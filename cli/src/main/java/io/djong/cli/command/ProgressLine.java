package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.JsonLines;
import io.djong.api.StreamMessage;
import io.djong.cli.Console;
import io.djong.cli.format.Sizes;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Shows how a long transfer goes on: one line redrawn in place on a terminal, nothing but results
/// elsewhere. What is redrawn goes to standard error. For one thread, but for what [#watch]
/// returns.
final class ProgressLine implements AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int WIDTH = 30;

  private final Console console;
  private final boolean quiet;
  private boolean drawn;
  private long lastDraw;

  ProgressLine(Console console, boolean quiet) {
    this.console = console;
    this.quiet = quiet;
  }

  /// Opens a file, or standard input for null, and shows how much of it was read.
  InputStream watch(String what, Console from, @Nullable String file) throws IOException {
    if (file == null) {
      return watch(what, from.in(), 0);
    }
    try {
      return watch(what, new FileInputStream(file), new File(file).length());
    } catch (FileNotFoundException e) {
      throw new IOException("open " + e.getMessage(), e);
    }
  }

  /// Shows how much of a stream was read.
  ///
  /// @param total 0 if not known
  InputStream watch(String what, InputStream in, long total) {
    return quiet || !console.redraws() ? in : new Watched(what, in, total);
  }

  /// Prints what the engine answers until it has no more to say.
  ///
  /// @throws IOException with the engine's sentence if it tells of an error
  void show(JsonLines<StreamMessage> answers) throws IOException {
    for (StreamMessage message; (message = answers.next()) != null; ) {
      if (message.error() != null) {
        clear();
        throw new ApiError(500, message.error());
      }
      StreamMessage.ProgressDetail detail = message.progressDetail();
      if (detail != null && detail.current() > 0) {
        Long total = detail.total();
        draw(
            text(message.id()) + " " + text(message.status()),
            detail.current(),
            total == null ? 0 : total);
      } else if (message.stream() != null) {
        clear();
        console.out().print(message.stream());
        console.flush();
      } else if (message.status() != null && message.id() == null) {
        clear();
        console.print(message.status());
        console.flush();
      }
    }
  }

  /// Leaves no half-drawn line behind.
  @Override
  public void close() {
    clear();
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private synchronized void draw(String what, long current, long total) {
    long now = System.nanoTime();
    if (quiet || !console.redraws() || (drawn && now - lastDraw < REDRAW_NANOS)) {
      return;
    }
    lastDraw = now;
    drawn = true;
    StringBuilder line = new StringBuilder("\r").append(what.strip()).append("  ");
    if (total > 0) {
      int done = (int) Math.min(WIDTH, current * WIDTH / total);
      line.append('[').append("=".repeat(done)).append(" ".repeat(WIDTH - done)).append("]  ");
    }
    line.append(Sizes.decimal(current));
    if (total > 0) {
      line.append('/').append(Sizes.decimal(total));
    }
    console.err().print(line.append("\u001b[K").toString());
  }

  private synchronized void clear() {
    if (drawn) {
      console.err().print("\r\u001b[K");
      drawn = false;
    }
  }

  /// Counts what passes.
  private final class Watched extends FilterInputStream {
    private final String what;
    private final long total;
    private long count;

    Watched(String what, InputStream in, long total) {
      super(in);
      this.what = what;
      this.total = total;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      counted(one < 0 ? -1 : 1);
      return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      counted(read);
      return read;
    }

    private void counted(int read) {
      if (read > 0) {
        count += read;
        draw(what, count, total);
      } else if (read < 0) {
        clear();
      }
    }
  }
}
