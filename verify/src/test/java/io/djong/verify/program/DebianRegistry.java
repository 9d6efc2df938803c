package io.djong.verify.program;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Debian's `docker-registry` on a port and a folder of its own.
final class DebianRegistry implements AutoCloseable {
  private final Process process;
  private final int port;

  private DebianRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// @param htpasswd who may use it, a line each with bcrypt; null lets everybody in
  static DebianRegistry start(Path folder, @Nullable String htpasswd) throws IOException {
    Files.createDirectories(folder.resolve("root"));
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    StringBuilder config = new StringBuilder();
    config.append("version: 0.1\nlog: {level: warn}\nstorage:\n  delete: {enabled: true}\n");
    config.append("  filesystem: {rootdirectory: ").append(folder.resolve("root")).append("}\n");
    config.append("http: {addr: '127.0.0.1:").append(port).append("'}\n");
    if (htpasswd != null) {
      Path file = Files.writeString(folder.resolve("htpasswd"), htpasswd);
      config.append("auth: {htpasswd: {realm: cargo, path: ").append(file).append("}}\n");
    }
    Path file = Files.writeString(folder.resolve("config.yml"), config);
    ProcessBuilder builder =
        new ProcessBuilder(List.of("docker-registry", "serve", file.toString()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("log").toFile());
    DebianRegistry registry = new DebianRegistry(builder.start(), port);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!registry.answers()) {
      if (System.nanoTime() > deadline) {
        registry.close();
        throw new AssertionError(Files.readString(folder.resolve("log")));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return registry;
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /// The host as it stands in references.
  String host() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
