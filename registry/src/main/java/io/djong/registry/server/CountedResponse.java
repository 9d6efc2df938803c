package io.djong.registry.server;

import io.djong.http.HttpResponse;
import io.djong.http.RawStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// An answer that remembers its status and how long its body is.
final class CountedResponse implements HttpResponse {
  private final HttpResponse response;
  private int status = 200;
  private long bytes;

  CountedResponse(HttpResponse response) {
    this.response = response;
  }

  int status() {
    return status;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public HttpResponse status(int code) {
    status = code;
    response.status(code);
    return this;
  }

  @Override
  public HttpResponse header(String name, String value) {
    response.header(name, value);
    return this;
  }

  @Override
  public boolean committed() {
    return response.committed();
  }

  @Override
  public void send(byte[] body) throws IOException {
    bytes += body.length;
    response.send(body);
  }

  @Override
  public OutputStream stream() throws IOException {
    return response.stream();
  }

  @Override
  public void sendFile(FileChannel file, long position, long count) throws IOException {
    bytes += count;
    response.sendFile(file, position, count);
  }

  @Override
  public RawStream upgrade(@Nullable String protocol) throws IOException {
    return response.upgrade(protocol);
  }

  @Override
  public RawStream upgradeToWebSocket(boolean text) throws IOException {
    return response.upgradeToWebSocket(text);
  }
}
