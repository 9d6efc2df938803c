package io.djong.http.socket;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A socket to a server of the web, with or without TLS. A read that hears nothing, and a write
/// that nobody takes, end after a time.
final class WebWire implements Wire {
  /// Sockets know no limit of time for writes: this one closes them.
  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;
  private final Duration idle;

  WebWire(Socket socket, Duration idle) throws IOException {
    this.socket = socket;
    this.idle = idle;
    socket.setSoTimeout((int) idle.toMillis());
    this.input = socket.getInputStream();
    this.output = new Watched(socket.getOutputStream());
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static ScheduledThreadPoolExecutor watch() {
    ScheduledThreadPoolExecutor watch =
        new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("http-watch").factory());
    watch.setRemoveOnCancelPolicy(true); // Nearly all are cancelled, long before their time.
    return watch;
  }

  private void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      System.getLogger("io.djong.http").log(System.Logger.Level.DEBUG, "closing a socket", e);
    }
  }

  private final class Watched extends FilterOutputStream {
    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ScheduledFuture<?> watch =
          WATCH.schedule(WebWire.this::cut, idle.toMillis(), TimeUnit.MILLISECONDS);
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        if (watch.isDone()) {
          throw new SocketTimeoutException("nothing was taken for " + idle.toSeconds() + " s");
        }
        throw e;
      } finally {
        watch.cancel(false);
      }
    }
  }
}
