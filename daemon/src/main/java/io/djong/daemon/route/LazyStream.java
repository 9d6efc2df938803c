package io.djong.daemon.route;

import io.djong.http.HttpResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// An answer of bytes that begins with the first of them: what goes wrong before still gets its
/// status. What goes wrong later must not look like a good end: closing does nothing, only [#end]
/// ends the answer.
final class LazyStream extends OutputStream {
  private final HttpResponse response;
  private final String type;
  private @Nullable OutputStream begun;

  LazyStream(HttpResponse response, String type) {
    this.response = response;
    this.type = type;
  }

  private OutputStream begun() throws IOException {
    OutputStream out = begun;
    if (out == null) {
      out = response.status(200).header("Content-Type", type).stream();
      begun = out;
    }
    return out;
  }

  @Override
  public void write(int b) throws IOException {
    begun().write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    begun().write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    if (begun != null) {
      begun.flush();
    }
  }

  /// Ends the answer; it was whole.
  void end() throws IOException {
    begun().close();
  }
}
