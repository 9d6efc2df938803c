package io.djong.daemon;

import io.djong.build.Builder;
import io.djong.daemon.route.Product;
import io.djong.daemon.route.Routes;
import io.djong.engine.Engine;
import io.djong.http.HttpHandler;
import io.djong.http.HttpServer;
import io.djong.http.HttpServer.Limits;
import io.djong.http.Listen;
import io.djong.linux.InheritedDescriptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// An engine that is served: the folders are this daemon's own, the sockets are open. Safe for use
/// by several threads.
public final class Daemon implements AutoCloseable {
  /// What a daemon serves. The builder is closed before the engine that it builds with.
  public record Served(Engine engine, Builder builder) {}

  /// Makes the engine of a daemon whose folders are its own by then.
  @FunctionalInterface
  public interface EngineOpener {
    Served open(Settings settings) throws IOException;
  }

  static final Product PRODUCT = new Product("djong", "0.1.0", "", "");

  private static final Logger LOG = System.getLogger("io.djong.daemon");
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final FolderLock data;
  private final FolderLock exec;
  private final HttpServer server;
  private final Served served;

  private Daemon(FolderLock data, FolderLock exec, HttpServer server, Served served) {
    this.data = data;
    this.exec = exec;
    this.server = server;
    this.served = served;
  }

  /// Takes the folders, opens the sockets and the engine, and returns once both are there. Requests
  /// that come earlier wait for the engine. What was begun is undone if anything fails.
  ///
  /// @throws io.djong.model.Fault.Conflict if another daemon has one of the folders or sockets
  public static Daemon start(Settings settings, EngineOpener opener)
      throws IOException, InterruptedException {
    // The socket is not opened before the folders are ours: it may be the other daemon's.
    FolderLock data = FolderLock.take(settings.dataRoot(), "--data-root");
    FolderLock exec = null;
    HttpServer server = null;
    boolean kept = false;
    try {
      exec = FolderLock.take(settings.execRoot(), "--exec-root");
      CompletableFuture<HttpHandler> routes = new CompletableFuture<>();
      List<Listen> listens = settings.listens();
      for (Listen listen : listens) {
        if (listen instanceof Listen.Inherited(int descriptor)) {
          InheritedDescriptor.takeOver(descriptor);
        }
      }
      server =
          HttpServer.start(
              listens,
              (request, response) -> ready(routes).handle(request, response),
              Limits.DEFAULT);
      for (Listen listen : server.listening()) {
        openToGroup(listen);
      }
      Served served = opener.open(settings);
      routes.complete(new Routes(served.engine(), served.builder(), PRODUCT));
      Daemon daemon = new Daemon(data, exec, server, served);
      LOG.log(Level.INFO, "READY on " + String.join(", ", settings.hosts()));
      ServiceUnit.ready();
      kept = true;
      return daemon;
    } finally {
      if (!kept) {
        if (server != null) {
          server.close();
        }
        if (exec != null) {
          exec.close();
        }
        data.close();
      }
    }
  }

  private static HttpHandler ready(CompletableFuture<HttpHandler> routes)
      throws IOException, InterruptedException {
    try {
      return routes.get();
    } catch (ExecutionException e) {
      throw new IOException("the engine did not open", e);
    }
  }

  /// As Docker does: who is in the group docker may use the engine, which makes them root.
  private static void openToGroup(Listen listen) throws IOException {
    if (listen instanceof Listen.Unix(Path path, _)) {
      try {
        GroupPrincipal docker =
            FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByGroupName("docker");
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .setGroup(docker);
      } catch (UserPrincipalNotFoundException _) { // Then it is root's alone.
      }
    }
  }

  /// Ends the service: running answers get two seconds, containers run on. Idempotent.
  @Override
  public void close() throws IOException {
    ServiceUnit.stopping();
    try (data;
        exec;
        Engine _ = served.engine();
        Builder _ = served.builder()) {
      server.stop(PATIENCE);
    }
  }
}
