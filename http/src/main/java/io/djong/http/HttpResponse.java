package io.djong.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// The answer to one request. For the handler's thread, but for the body, which another may write.
public interface HttpResponse {
  /// Sets the status; 200 if never called. Before the body.
  HttpResponse status(int code);

  /// Sets a header. Before the body.
  HttpResponse header(String name, String value);

  /// Whether status and headers have been sent.
  boolean committed();

  /// Sends the answer with this body; it is not sent for HEAD.
  void send(byte[] body) throws IOException;

  /// Begins an answer of any length, or of exactly that of a `Content-Length` that was set. Status
  /// and headers are sent at once, before the first byte: clients wait for them. A write blocks
  /// while the client does not read, a flush sends what was written. Closing ends the answer. A
  /// write to a client that went away throws an [IOException].
  OutputStream stream() throws IOException;

  /// Sends the answer with a range of a file as its body, from the page cache to the socket where
  /// the system can; returns once it is sent. The file stays open.
  void sendFile(FileChannel file, long position, long count) throws IOException;

  /// Makes the connection a raw stream. With a protocol the answer is `101 Switching Protocols`
  /// with `Connection: Upgrade` and `Upgrade: protocol`; without one it is `200` and the stream
  /// simply follows, as old Docker clients want it. Headers set before are sent. What was not read
  /// of the request's body is dropped first, which waits for its end. No byte after it is lost. The
  /// stream is closed when the handler returns.
  RawStream upgrade(@Nullable String protocol) throws IOException;

  /// Makes the connection a WebSocket (RFC 6455): what is written goes as frames, what is read is
  /// what the client's frames hold. A client that closes it has left: nothing written later reaches
  /// it. As [#upgrade] for the rest.
  ///
  /// @param text whether frames are sent as text, not as bytes
  /// @throws io.djong.model.Fault.Invalid if the request is no handshake of version 13
  RawStream upgradeToWebSocket(boolean text) throws IOException;
}
