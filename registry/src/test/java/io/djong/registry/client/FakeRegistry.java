package io.djong.registry.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server that answers just what it is told to, however wrong, and remembers what it was asked.
final class FakeRegistry implements AutoCloseable {
  /// What was asked; `target` with its query.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Asked(String method, String target, Map<String, String> headers, byte[] body) {
    @Nullable String header(String name) {
      return headers.get(name);
    }

    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  /// What is answered. With a cut, the connection ends after so many bytes of the body; the length
  /// is that of the whole body unless a header says otherwise.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Reply(int status, Map<String, String> headers, byte[] body, int cut) {
    static Reply of(int status) {
      return new Reply(status, Map.of(), new byte[0], -1);
    }

    static Reply of(int status, byte[] body) {
      return new Reply(status, Map.of(), body, -1);
    }

    static Reply json(String json) {
      return of(200, json.getBytes(UTF_8));
    }

    Reply with(String name, String value) {
      Map<String, String> all = new LinkedHashMap<>(headers);
      all.put(name, value);
      return new Reply(status, all, body, cut);
    }

    Reply cutAfter(int bytes) {
      return new Reply(status, headers, body, bytes);
    }
  }

  @FunctionalInterface
  interface Script {
    Reply answer(Asked asked);
  }

  private final ServerSocket listener;
  private final Script script;
  final List<Asked> asked = new CopyOnWriteArrayList<>();

  /// Reads this much of a body and then ends the connection without an answer; once.
  volatile int cutUploadAfter = -1;

  /// Runs when the first half mebibyte of a body was sent.
  volatile Consumer<Asked> midway = _ -> {};

  FakeRegistry(Script script) throws IOException {
    this(InetAddress.getLoopbackAddress(), script);
  }

  FakeRegistry(InetAddress at, Script script) throws IOException {
    this.script = script;
    this.listener = new ServerSocket(0, 50, at);
    Thread.ofVirtual().start(this::accept);
  }

  String host() {
    return listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
  }

  /// What was asked besides whether there is a registry.
  List<String> questions() {
    return asked.stream().map(Asked::toString).filter(q -> !q.equals("GET /v2/")).toList();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean goesOn = true;
      while (goesOn) {
        goesOn = one(in, socket.getOutputStream());
      }
    } catch (IOException e) {
      System.getLogger("test").log(System.Logger.Level.DEBUG, "a client went away", e);
    }
  }

  private boolean one(InputStream in, OutputStream out) throws IOException {
    String line = line(in);
    if (line.isEmpty()) {
      return false;
    }
    String[] words = line.split(" ", -1);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    byte[] body = body(in, headers);
    if (body == null) {
      return false;
    }
    Asked question = new Asked(words[0], words[1], headers, body);
    asked.add(question);
    Reply reply = script.answer(question);
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put("Content-Length", Integer.toString(reply.body().length));
    all.putAll(reply.headers());
    StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Said\r\n");
    all.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("\r\n");
    out.write(head.toString().getBytes(ISO_8859_1));
    if (!words[0].equals("HEAD")) {
      int sent = reply.cut() < 0 ? reply.body().length : reply.cut();
      int half = Math.min(sent, 512 << 10);
      out.write(reply.body(), 0, half);
      if (half < sent) {
        out.flush();
        midway.accept(question);
      }
      out.write(reply.body(), half, sent - half);
    }
    out.flush();
    return reply.cut() < 0;
  }

  private byte @Nullable [] body(InputStream in, Map<String, String> headers) throws IOException {
    if ("chunked".equals(headers.get("Transfer-Encoding"))) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int n = Integer.parseInt(line(in), 16); n > 0; n = Integer.parseInt(line(in), 16)) {
        all.write(in.readNBytes(n));
        line(in);
      }
      line(in);
      return all.toByteArray();
    }
    int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
    int cut = cutUploadAfter;
    if (cut >= 0 && length > cut) {
      cutUploadAfter = -1;
      in.readNBytes(cut);
      return null;
    }
    return in.readNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.append((char) b);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
