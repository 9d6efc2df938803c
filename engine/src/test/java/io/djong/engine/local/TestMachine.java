package io.djong.engine.local;

import io.djong.content.LocalImages;
import io.djong.content.disk.DiskBlobStore;
import io.djong.content.record.RecordedImageNames;
import io.djong.content.sqlite.SqliteRecords;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.engine.Engine;
import io.djong.engine.KeptLayers;
import io.djong.engine.Publishing;
import io.djong.layers.Snapshotter;
import io.djong.layers.erofs.ErofsLayers;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.layers.overlay.UnpackedLayers;
import io.djong.linux.Mounts;
import io.djong.linux.Nftables;
import io.djong.network.bridge.BridgeDriver;
import io.djong.network.bridge.NamespaceSandboxes;
import io.djong.network.names.SandboxNameServer;
import io.djong.registry.RegistrySettings;
import io.djong.registry.client.RegistryClient;
import io.djong.runtime.HostPs;
import io.djong.runtime.monitor.ConmonRuntime;
import io.djong.runtime.monitor.Programs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An engine of real parts on folders of its own, which can be closed and opened anew as after a
/// restart of the daemon.
final class TestMachine implements AutoCloseable {
  private final Path root;
  private final List<Closeable> parts;
  private final Engine engine;
  private final Snapshotter snapshots;
  private final BridgeDriver driver;
  private final String table;

  private TestMachine(
      Path root,
      List<Closeable> parts,
      Engine engine,
      Snapshotter snapshots,
      BridgeDriver driver,
      String table) {
    this.snapshots = snapshots;
    this.driver = driver;
    this.table = table;
    this.root = root;
    this.parts = parts;
    this.engine = engine;
  }

  static TestMachine open(Path root) throws IOException {
    return open(root, false, 1L << 30);
  }

  /// @param mounted whether layers are mounted as they came, or unpacked
  static TestMachine open(Path root, boolean mounted, long blobCache) throws IOException {
    return open(root, mounted, blobCache, null);
  }

  /// @param remap whose ids all containers get
  static TestMachine open(Path root, boolean mounted, long blobCache, @Nullable String remap)
      throws IOException {
    Path data = Files.createDirectories(root.resolve("data"));
    Path exec = Files.createDirectories(root.resolve("exec"));
    String name = "engt" + ProcessHandle.current().pid() % 100_000;
    SqliteRecords records = SqliteRecords.open(data.resolve("records.db"), data.resolve("library"));
    DiskBlobStore blobs = DiskBlobStore.open(data.resolve("content"), Duration.ofDays(1));
    RecordedImageNames names = new RecordedImageNames(records);
    OverlaySnapshotter snapshots =
        mounted
            ? new OverlaySnapshotter(
                data.resolve("layers"),
                new ErofsLayers(exec.resolve("layers"), new Mounts(), "a test"))
            : new OverlaySnapshotter(data.resolve("layers"), new UnpackedLayers("a test"));
    ConmonRuntime runtime = new ConmonRuntime(Programs.DEFAULT, exec.resolve("runtime"));
    NamespaceSandboxes sandboxes = new NamespaceSandboxes(exec.resolve("sandboxes"));
    BridgeDriver driver = BridgeDriver.open(name);
    SandboxNameServer nameServer = new SandboxNameServer(InstantSource.system());
    Engine engine =
        LocalEngine.open(
            new EngineParts(
                data,
                exec,
                records,
                blobs,
                names,
                new LocalImages(blobs, names),
                snapshots,
                new Mounts(),
                new RegistryClient(RegistrySettings.DEFAULT, InstantSource.system()),
                runtime,
                sandboxes,
                driver,
                nameServer,
                driver.plan("0".repeat(64), "bridge", name),
                new HostPs(Path.of("/usr/bin/ps"))::list,
                KeptLayers.NONE,
                blobCache,
                null,
                Publishing.ANYWHERE,
                remap,
                InstantSource.system()));
    return new TestMachine(
        root,
        List.of(
            engine::close,
            nameServer::close,
            driver::close,
            sandboxes::close,
            runtime::close,
            snapshots::close,
            records::close),
        engine,
        snapshots,
        driver,
        name);
  }

  Engine engine() {
    return engine;
  }

  Snapshotter snapshots() {
    return snapshots;
  }

  /// As if the daemon had been restarted.
  TestMachine reopened() throws IOException {
    close();
    return open(root);
  }

  /// The same, told whose ids all containers get.
  TestMachine reopened(@Nullable String remap) throws IOException {
    close();
    return open(root, false, 1L << 30, remap);
  }

  /// The next engine of the same folders, once this one is closed.
  TestMachine openedAnew() throws IOException {
    return open(root);
  }

  /// Takes the default network away too.
  void discard() throws IOException {
    driver.down(engine.networks().inspect("bridge").network());
    close();
    try (Nftables nft = Nftables.open()) {
      nft.delete(table);
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable part : parts) {
      part.close();
    }
  }

  /// A tree with busybox and what is said besides.
  static InputStream tree(List<TarEntry> more) throws IOException {
    Path busybox = Path.of("/bin/busybox");
    Instant time = Instant.EPOCH;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      tar.put(TarEntry.folder("bin", 0755, time));
      try (InputStream in = Files.newInputStream(busybox)) {
        tar.put(TarEntry.file("bin/busybox", 0755, Files.size(busybox), time), in);
      }
      for (String link : List.of("sh", "sleep", "cat", "echo", "id", "true", "touch", "ls")) {
        tar.put(TarEntry.symlink("bin/" + link, "busybox", time));
      }
      tar.put(TarEntry.folder("etc", 0755, time));
      for (TarEntry entry : more) {
        tar.put(entry);
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
