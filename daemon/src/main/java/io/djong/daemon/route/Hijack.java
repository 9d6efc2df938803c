package io.djong.daemon.route;

import io.djong.api.FrameWriter;
import io.djong.http.RawStream;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.Output;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// A connection that has become the raw stream of a process: framed unless it has a terminal. Each
/// way ends by itself: the client's end of input ends stdin, the end of output ends the connection.
final class Hijack implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.djong.daemon");

  private final Call call;
  private final RawStream raw;
  private final boolean tty;
  private final boolean webSocket;
  private final @Nullable FrameWriter frames;
  private volatile boolean left;

  /// Takes the connection over, in the way the client asked for.
  ///
  /// @throws IOException if the client is gone
  Hijack(Call call, boolean tty) throws IOException {
    this.call = call;
    this.tty = tty;
    this.webSocket = false;
    boolean upgrade = call.request().header("Upgrade") != null;
    boolean framed = upgrade && !tty && !call.version().before(1, 42);
    call.response()
        .header(
            "Content-Type",
            "application/vnd.docker." + (framed ? "multiplexed" : "raw") + "-stream");
    this.raw = call.response().upgrade(upgrade ? "tcp" : null);
    this.frames = tty ? null : new FrameWriter(raw.output());
  }

  private Hijack(Call call, boolean tty, RawStream raw) {
    this.call = call;
    this.tty = tty;
    this.webSocket = true;
    this.raw = raw;
    this.frames = null;
  }

  /// Makes a WebSocket of the connection: both streams go over it without a sign of which is which.
  ///
  /// @throws io.djong.model.Fault.Invalid if the client did not ask for one
  static Hijack webSocket(Call call, boolean tty) throws IOException {
    boolean text = call.version().before(1, 28);
    return new Hijack(call, tty, call.response().upgradeToWebSocket(text));
  }

  void write(Channel channel, byte[] bytes) throws IOException {
    FrameWriter framed = frames;
    if (framed == null) {
      OutputStream out = raw.output();
      out.write(bytes);
      out.flush();
    } else {
      int stream =
          switch (channel) {
            case STDOUT -> FrameWriter.STDOUT;
            case STDERR -> FrameWriter.STDERR;
          };
      framed.write(stream, bytes, 0, bytes.length);
    }
  }

  /// Copies both ways until the process's output ends, the client leaves, or the detach keys are
  /// typed.
  ///
  /// @param detach null where no keys leave
  void converse(
      Attachment process,
      boolean stdin,
      boolean stdout,
      boolean stderr,
      @Nullable DetachKeys detach)
      throws IOException {
    call.request()
        .onDisconnect(
            () -> {
              left = true;
              close(process);
            });
    if (!stdout && !stderr && !webSocket) {
      copyInput(process, detach);
      return;
    }
    if (stdin) {
      Thread.ofVirtual().name("stdin").start(() -> copyInput(process, detach));
    } else if (webSocket) {
      Thread.ofVirtual().name("close").start(() -> awaitClose(process));
    }
    try {
      for (Output output = process.read(); output != null; output = process.read()) {
        boolean wanted =
            tty
                || switch (output.channel()) {
                  case STDOUT -> stdout;
                  case STDERR -> stderr;
                };
        if (wanted) {
          write(output.channel(), output.bytes());
        }
      }
    } catch (IOException e) {
      if (!left) {
        throw e;
      }
    }
    raw.shutdownOutput();
  }

  private void copyInput(Attachment process, @Nullable DetachKeys detach) {
    byte[] buffer = new byte[32 << 10];
    InputStream in = raw.input();
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (detach == null) {
          process.write(buffer, 0, read);
          continue;
        }
        if (detach.pass(buffer, read, process::write)) {
          left = true;
          close(process);
          return;
        }
      }
      process.closeStdin();
      if (webSocket) {
        left = true;
        close(process);
      }
    } catch (
        IOException
            e) { // The process or the client has ended: the other way tells whom it concerns.
      LOG.log(Level.DEBUG, "input of a process ended", e);
    }
  }

  /// A WebSocket has no ways that end one by one: whoever closes it has left.
  private void awaitClose(Attachment process) {
    try {
      raw.input().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) { // That is an end as well.
      LOG.log(Level.DEBUG, "a WebSocket ended", e);
    }
    left = true;
    close(process);
  }

  /// Ends the attachment, which ends whoever reads from it.
  private static void close(Attachment process) {
    try {
      process.close();
    } catch (IOException e) { // It is given up in any case.
      LOG.log(Level.DEBUG, "leaving a process", e);
    }
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}
