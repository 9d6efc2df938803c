package io.djong.daemon;

import io.djong.content.BlobStore;
import io.djong.content.LocalImages;
import io.djong.content.disk.DiskBlobStore;
import io.djong.content.record.RecordedImageNames;
import io.djong.content.sqlite.SqliteRecords;
import io.djong.engine.Engine;
import io.djong.engine.KeptLayers;
import io.djong.engine.local.EngineParts;
import io.djong.engine.local.LocalEngine;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.Mounts;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.bridge.BridgeDriver;
import io.djong.network.bridge.NamespaceSandboxes;
import io.djong.network.names.SandboxNameServer;
import io.djong.runtime.HostPs;
import io.djong.runtime.monitor.ConmonRuntime;
import io.djong.runtime.monitor.HybridCrun;
import io.djong.runtime.monitor.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one place where objects are made and handed to each other.
final class Wiring {
  private static final Duration KEEP_UPLOADS = Duration.ofDays(1);
  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin");
  private static final List<String> INITS = List.of("tini-static", "tini", "catatonit");

  private Wiring() {}

  /// Makes the engine of these folders, which are this process's own.
  ///
  /// @throws Fault.Unavailable if a program that containers need is not installed
  static Engine open(Settings settings) throws IOException {
    Path data = settings.dataRoot();
    Path exec = settings.execRoot();
    String runtimeName = settings.runtime() == null ? "runc" : settings.runtime();
    Programs programs =
        new Programs(
            program("conmon", "conmon"),
            HybridCrun.wrap(program(runtimeName, runtimeName), exec.resolve("programs")));
    try (Closing closing = new Closing()) {
      SqliteRecords records =
          closing.add(SqliteRecords.open(data.resolve("records.db"), data.resolve("library")));
      BlobStore blobs = DiskBlobStore.open(data.resolve("content"), KEEP_UPLOADS);
      RecordedImageNames names = new RecordedImageNames(records);
      OverlaySnapshotter snapshots = closing.add(new OverlaySnapshotter(data.resolve("layers")));
      ConmonRuntime runtime = closing.add(new ConmonRuntime(programs, exec.resolve("runtime")));
      NamespaceSandboxes sandboxes = closing.add(new NamespaceSandboxes(exec.resolve("sandboxes")));
      BridgeDriver driver = closing.add(BridgeDriver.open(own(settings, "djong", "_")));
      SandboxNameServer nameServer = closing.add(new SandboxNameServer(InstantSource.system()));
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
                  runtime,
                  sandboxes,
                  driver,
                  nameServer,
                  bridge(settings, driver),
                  new HostPs(program("ps", "procps"))::list,
                  KeptLayers.NONE,
                  init(),
                  "0.0.0.0",
                  InstantSource.system()));
      return closing.keep(engine);
    }
  }

  /// The default network as it would be made for the first time.
  private static Network bridge(Settings settings, BridgeDriver driver) throws IOException {
    String device = settings.bridge();
    Network planned =
        driver.plan("0".repeat(64), "bridge", device == null ? own(settings, "djong", "") : device);
    if (settings.bip() == null) {
      return planned;
    }
    Cidr gateway = Cidr.parse(settings.bip());
    return new Network(
        planned.id(),
        planned.name(),
        planned.driver(),
        planned.device(),
        List.of(new Network.Pool(new Cidr(gateway.at(0), gateway.prefix()), gateway.address())),
        planned.internal(),
        planned.icc(),
        planned.masquerade(),
        planned.mtu(),
        planned.options());
  }

  /// A name of this data root's own for what all daemons of a machine see: two may serve side by
  /// side.
  private static String own(Settings settings, String name, String joint) {
    if (settings.dataRoot().equals(Settings.DEFAULT.dataRoot())) {
      return name + (joint.isEmpty() ? "0" : "");
    }
    String root = settings.dataRoot().toAbsolutePath().normalize().toString();
    return name + joint + Digest.of(root.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8);
  }

  private static @Nullable Path init() {
    for (String name : INITS) {
      Path found = find(name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static Path program(String name, String debianPackage) {
    Path found = name.startsWith("/") ? Path.of(name) : find(name);
    if (found == null || !Files.isExecutable(found)) {
      throw new Fault.Unavailable(
          "the program " + name + " is not installed: apt-get install " + debianPackage);
    }
    return found;
  }

  private static @Nullable Path find(String name) {
    for (String folder : FOLDERS) {
      Path candidate = Path.of(folder, name);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
