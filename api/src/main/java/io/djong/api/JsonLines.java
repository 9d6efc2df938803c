package io.djong.api;

import io.djong.http.HttpClient.Exchange;
import io.djong.model.json.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// A stream of JSON values, one a line, as they come. For one thread; another may close it.
public final class JsonLines<T> implements AutoCloseable {
  private static final int MAX_LINE = 4 << 20;

  private final Class<T> type;
  private final Exchange exchange;
  private final InputStream in;

  JsonLines(Class<T> type, Exchange exchange) throws IOException {
    this.type = type;
    this.exchange = exchange;
    this.in = new BufferedInputStream(exchange.body());
  }

  /// The next value, or null at the end. Blocks.
  ///
  /// @throws io.djong.model.Fault.Invalid if the line is not a value of the type
  public @Nullable T next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int c = in.read();
      if (c >= 0 && c != '\n' && c != '\r') {
        if (line.size() == MAX_LINE) {
          throw new IOException("a line of the stream is longer than 4 MiB");
        }
        line.write(c);
      } else if (line.size() > 0) {
        return Json.full().read(type, line.toByteArray());
      } else if (c < 0) {
        return null;
      }
    }
  }

  @Override
  public void close() throws IOException {
    exchange.close();
  }
}
