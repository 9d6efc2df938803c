package io.djong.registry.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.http.Listen;
import io.djong.registry.s3.S3Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A registry in a process of its own, so that it can be killed. It says its port, collects garbage
/// when it is told a line, and says so.
final class DyingServer {
  private DyingServer() {}

  public static void main(String[] arguments) throws IOException {
    ServerSettings settings = ServerSettingsReader.read(List.of(arguments));
    BucketSettings bucket = settings.bucket();
    Path spool = settings.root().resolve("spool");
    RegistryStorage storage =
        bucket == null
            ? FolderStorage.open(settings.root(), Duration.ofDays(1))
            : S3Storage.open(bucket, spool);
    RegistryServer server = RegistryServer.start(settings, storage);
    for (Listen listen : server.listening()) {
      if (listen instanceof Listen.Tcp(InetSocketAddress address)) {
        System.out.println(address.getPort());
      }
    }
    BufferedReader told = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    while (told.readLine() != null) {
      System.out.println(server.collect(Duration.ZERO));
    }
    Runtime.getRuntime().halt(0); // Whoever started it is gone.
  }
}
