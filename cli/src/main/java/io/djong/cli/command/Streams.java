package io.djong.cli.command;

import io.djong.api.FrameReader;
import io.djong.cli.Console;
import io.djong.http.RawStream;
import io.djong.model.Exempt;
import java.io.IOException;
import java.io.OutputStream;

/// Joins our standard streams with those of a container until the container's end. For one use.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "who waits for standard input can be interrupted on a platform thread alone")
final class Streams {
  private static final byte[] DETACH = {16, 17}; // ctrl-p ctrl-q

  private final Console console;
  private final RawStream raw;
  private final boolean tty;
  private volatile boolean detached;

  /// @param tty whether the container has a terminal: its output is then one unframed stream
  Streams(Console console, RawStream raw, boolean tty) {
    this.console = console;
    this.raw = raw;
    this.tty = tty;
  }

  /// Copies until the container's output ends, or the user detaches.
  ///
  /// @param input whether to pass on our input too
  /// @return false if the user detached
  boolean copy(boolean input) throws IOException {
    console.flush();
    Thread reader = Thread.ofPlatform().daemon().unstarted(new Input(this));
    if (input) {
      reader.start();
    }
    try {
      OutputStream out = console.unbuffered();
      if (tty) {
        raw.input().transferTo(out);
      } else {
        new FrameReader(raw.input()).copy(out, console.err());
      }
    } catch (IOException e) {
      if (!detached) {
        throw e;
      }
    } finally {
      reader.interrupt();
    }
    return !detached;
  }

  private void copyInput() {
    byte[] buffer = new byte[8 << 10];
    int matched = 0;
    try {
      for (int read; (read = console.in().read(buffer)) >= 0; ) {
        for (int i = 0; tty && i < read; i++) {
          matched = buffer[i] == DETACH[matched] ? matched + 1 : buffer[i] == DETACH[0] ? 1 : 0;
          if (matched == DETACH.length) {
            detached = true;
            raw.close();
            return;
          }
        }
        raw.output().write(buffer, 0, read);
        raw.output().flush();
      }
      raw.shutdownOutput();
    } catch (IOException _) {
      // The container has ended or closed its input: its output goes on and says how it went.
    }
  }

  private record Input(Streams streams) implements Runnable {
    @Override
    public void run() {
      streams.copyInput();
    }
  }
}
