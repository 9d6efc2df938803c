package io.djong.registry.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Stands between a client and an object store, passes requests on, and loses what it is told to:
/// requests on their way, or answers to what was done; or refuses them by itself. Each connection
/// is for one request.
final class LossyFront implements Closeable {
  private static final Pattern LENGTH =
      Pattern.compile("\r\nContent-Length: *([0-9]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern ABOUT_CONNECTION =
      Pattern.compile("\r\nConnection: [^\r]*", Pattern.CASE_INSENSITIVE);

  /// What happens between an object store's deed and the loss of its answer.
  interface Meanwhile {
    void run() throws IOException;
  }

  /// @param key is in the address
  /// @param status is answered; 0 for none
  private record Loss(String method, String key, boolean done, Meanwhile then, int status) {}

  private final URI store;
  private final ServerSocket server;

  /// Guarded by itself.
  private final Deque<Loss> losses = new ArrayDeque<>();

  LossyFront(URI store) throws IOException {
    this.store = store;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /// So many of the next requests of a method are carried out, and the connection is cut then.
  void loseAnswers(String method, int count) {
    for (int i = 0; i < count; i++) {
      loseAnswer(method, () -> {});
    }
  }

  /// The same, for requests about an object.
  void loseAnswers(String method, String key, int count) {
    synchronized (losses) {
      for (int i = 0; i < count; i++) {
        losses.add(new Loss(method, key, true, () -> {}, 0));
      }
    }
  }

  void loseAnswer(String method, Meanwhile then) {
    synchronized (losses) {
      losses.add(new Loss(method, "", true, then, 0));
    }
  }

  /// So many of the next requests of a method are not carried out, and the connection is cut.
  void loseRequests(String method, int count) {
    for (int i = 0; i < count; i++) {
      synchronized (losses) {
        losses.add(new Loss(method, "", false, () -> {}, 0));
      }
    }
  }

  /// The next request of a method is not carried out, but answered with a status.
  void refuse(String method, int status) {
    synchronized (losses) {
      losses.add(new Loss(method, "", false, () -> {}, status));
    }
  }

  /// Nothing more is lost.
  ///
  /// @return how many losses that were ordered did not come about
  int mend() {
    synchronized (losses) {
      int left = losses.size();
      losses.clear();
      return left;
    }
  }

  private void serve() {
    while (true) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> pass(client));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void pass(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      Matcher length = LENGTH.matcher(head);
      byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
      Loss loss = loss(head.substring(0, head.indexOf('\r')));
      if (loss == null) {
        client.getOutputStream().write(answer(head, body));
      } else if (loss.done()) {
        answer(head, body);
        loss.then().run();
      } else if (loss.status() > 0) {
        String refusal =
            "HTTP/1.1 " + loss.status() + " No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        client.getOutputStream().write(refusal.getBytes(ISO_8859_1));
      }
    } catch (IOException e) {
      // The client sees its connection cut.
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  private @Nullable Loss loss(String request) {
    synchronized (losses) {
      Loss next = losses.peek();
      return next != null && request.startsWith(next.method() + " ") && request.contains(next.key())
          ? losses.poll()
          : null;
    }
  }

  /// What the store answers, whole; it is asked to close the connection so that its end is seen.
  private byte[] answer(String head, byte[] body) throws IOException {
    String alone =
        ABOUT_CONNECTION
            .matcher(head)
            .replaceAll("")
            .replaceFirst("\r\n", "\r\nConnection: close\r\n");
    try (Socket behind = new Socket(store.getHost(), store.getPort())) {
      behind.getOutputStream().write(alone.getBytes(ISO_8859_1));
      behind.getOutputStream().write(body);
      return behind.getInputStream().readAllBytes();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
