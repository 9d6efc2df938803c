package io.djong.http.netty;

import io.djong.http.HttpHandler;
import io.djong.http.HttpRequest;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request and its answer.
final class Exchange implements HttpRequest {
  private static final Logger LOG = System.getLogger("io.djong.http");

  private final Connection connection;
  private final io.netty.handler.codec.http.HttpRequest head;
  private final Inbound body;
  private final Answer answer;
  private final boolean expects;
  private final @Nullable Target target;
  private final Object lock = new Object();
  private final List<Runnable> listeners = new ArrayList<>(1);
  private boolean gone;
  private volatile boolean asked;

  Exchange(
      Connection connection,
      io.netty.handler.codec.http.HttpRequest head,
      boolean expects,
      Runnable roomAgain) {
    this.connection = connection;
    this.head = head;
    this.expects = expects;
    this.target = Target.parse(head.uri());
    this.body = new Inbound(roomAgain, expects ? this::invite : null);
    this.answer = new Answer(connection, this);
  }

  @Override
  public String method() {
    return head.method().name();
  }

  @Override
  public String path() {
    return target().path();
  }

  @Override
  public String rawPath() {
    return target().rawPath();
  }

  @Override
  public Map<String, List<String>> query() {
    return target().query();
  }

  @Override
  public @Nullable String header(String name) {
    return head.headers().get(name);
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public String peer() {
    return connection.peer();
  }

  @Override
  public boolean isSecure() {
    return connection.secure() != null;
  }

  @Override
  public @Nullable String certifiedName() {
    SslHandler secure = connection.secure();
    return secure == null ? null : Tls.name(secure);
  }

  @Override
  public void onDisconnect(Runnable listener) {
    synchronized (lock) {
      if (!gone) {
        listeners.add(listener);
        return;
      }
    }
    Thread.ofVirtual().start(listener);
  }

  /// Says so to whoever asked for it; once.
  void disconnected() {
    List<Runnable> told;
    synchronized (lock) {
      if (gone) {
        return;
      }
      gone = true;
      told = List.copyOf(listeners);
    }
    for (Runnable listener : told) {
      Thread.ofVirtual().start(listener);
    }
  }

  Inbound inbound() {
    return body;
  }

  boolean isHead() {
    return head.method().equals(HttpMethod.HEAD);
  }

  boolean isOld() {
    return head.protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  /// Whether the connection must end after this: the client wants it, or nobody knows whether it
  /// sends the body that it offered.
  boolean last() {
    return !HttpUtil.isKeepAlive(head) || undecided();
  }

  /// Whether the client offered a body that was neither asked for nor sent.
  boolean undecided() {
    return expects && !asked && !body.complete();
  }

  /// Asks the client for the body that it offered, if that is still to be done.
  void invite() throws IOException {
    if (undecided() && !answer.committed()) {
      asked = true;
      connection
          .outbound()
          .send(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  /// Runs the handler on the calling thread, then `done`.
  void answer(HttpHandler handler, Runnable done) {
    try {
      if (target == null) {
        answer.status(400).send(new byte[0]);
      } else {
        handler.handle(this, answer);
      }
      answer.complete();
    } catch (IOException e) {
      failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      connection.abort();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, () -> "answering " + method() + " " + head.uri(), e);
      failed(e);
    } finally {
      done.run();
    }
  }

  private void failed(Throwable cause) {
    LOG.log(Level.DEBUG, () -> "answering " + method() + " " + head.uri(), cause);
    try {
      if (answer.committed()) {
        connection.abort();
      } else {
        answer.fail();
      }
    } catch (IOException gone) {
      connection.abort();
    }
  }

  private Target target() {
    if (target == null) {
      throw new IllegalStateException("a malformed target is not for handlers");
    }
    return target;
  }
}
