package io.djong.daemon.route;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Takes a connection over once it is clear that the request will not be refused. For one thread.
final class LateHijack implements AutoCloseable {
  private final Call call;
  private final boolean raw;
  private @Nullable Hijack taken;

  LateHijack(Call call, boolean raw) {
    this.call = call;
    this.raw = raw;
  }

  /// The stream, taken over with the first call.
  Hijack take() throws IOException {
    Hijack stream = taken;
    if (stream == null) {
      stream = new Hijack(call, raw);
      taken = stream;
    }
    return stream;
  }

  @Override
  public void close() throws IOException {
    if (taken != null) {
      taken.close();
    }
  }
}
