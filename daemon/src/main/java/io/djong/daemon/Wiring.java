package io.djong.daemon;

import io.djong.build.Builder;
import io.djong.build.local.BuilderParts;
import io.djong.build.local.LocalBuilder;
import io.djong.build.solve.LayerStore;
import io.djong.build.solve.StepCache;
import io.djong.content.BlobStore;
import io.djong.content.LocalImages;
import io.djong.content.RecordStore;
import io.djong.content.disk.DiskBlobStore;
import io.djong.content.record.RecordedImageNames;
import io.djong.content.sqlite.SqliteRecords;
import io.djong.daemon.build.EngineImages;
import io.djong.daemon.build.EngineJobs;
import io.djong.daemon.build.WebDownloads;
import io.djong.engine.Engine;
import io.djong.engine.local.EngineParts;
import io.djong.engine.local.LocalEngine;
import io.djong.http.ProxyRules;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.Mounts;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.DriversByName;
import io.djong.network.Network;
import io.djong.network.bridge.BridgeDriver;
import io.djong.network.bridge.NamespaceSandboxes;
import io.djong.network.names.SandboxNameServer;
import io.djong.network.parent.ParentDriver;
import io.djong.registry.client.RegistryClient;
import io.djong.runtime.HostPs;
import io.djong.runtime.monitor.ConmonRuntime;
import io.djong.runtime.monitor.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The one place where objects are made and handed to each other.
final class Wiring {
  private static final Duration KEEP_UPLOADS = Duration.ofDays(1);

  private Wiring() {}

  /// Makes the engine of these folders, which are this process's own.
  ///
  /// @throws Fault.Unavailable if a program that containers need is not installed
  static Daemon.Served open(Settings settings) throws IOException {
    Path data = settings.dataRoot();
    Path exec = settings.execRoot();
    Mounts mounts = new Mounts();
    try (Closing closing = new Closing()) {
      Programs programs = Installed.forContainers(settings.runtime(), closing);
      SqliteRecords records =
          closing.add(SqliteRecords.open(data.resolve("records.db"), data.resolve("library")));
      BlobStore blobs = DiskBlobStore.open(data.resolve("content"), KEEP_UPLOADS);
      RecordedImageNames names = new RecordedImageNames(records);
      OverlaySnapshotter snapshots = closing.add(LayerStorage.open(settings, mounts));
      RegistryClient registries =
          closing.add(
              RegistryClient.withRanges(
                  settings.registries(),
                  InstantSource.system(),
                  data.resolve("pieces"),
                  KEEP_UPLOADS));
      ConmonRuntime runtime = closing.add(new ConmonRuntime(programs, exec.resolve("runtime")));
      NamespaceSandboxes sandboxes = closing.add(new NamespaceSandboxes(exec.resolve("sandboxes")));
      BridgeDriver driver = closing.add(BridgeDriver.open(own(settings, "djong", "_")));
      LocalImages images = new LocalImages(blobs, names);
      LayerStore layers = new LayerStore(blobs, images, snapshots);
      StepCache cache = new StepCache(records, InstantSource.system());
      ParentDriver parents = closing.add(ParentDriver.open());
      SandboxNameServer nameServer = closing.add(new SandboxNameServer(InstantSource.system()));
      Engine engine =
          LocalEngine.open(
              new EngineParts(
                  data,
                  exec,
                  records,
                  blobs,
                  names,
                  images,
                  snapshots,
                  mounts,
                  registries,
                  runtime,
                  sandboxes,
                  new DriversByName(
                      Map.of("bridge", driver, "macvlan", parents, "ipvlan", parents)),
                  nameServer,
                  bridge(settings, driver),
                  new HostPs(Installed.program("ps", "procps"))::list,
                  () -> kept(cache, layers),
                  settings.blobCache(),
                  Installed.init(),
                  settings.publishing(),
                  settings.remap(),
                  InstantSource.system()));
      Engine kept = closing.keep(engine);
      return new Daemon.Served(kept, builder(settings, layers, cache, records, kept));
    }
  }

  /// Layers that the build cache needs, or will once they are there.
  private static Collection<List<Digest>> kept(StepCache cache, LayerStore layers) {
    List<List<Digest>> all = new ArrayList<>(layers.arriving());
    all.addAll(cache.stacks());
    return all;
  }

  private static Builder builder(
      Settings settings, LayerStore layers, StepCache cache, RecordStore records, Engine engine)
      throws IOException {
    return LocalBuilder.open(
        new BuilderParts(
            settings.dataRoot(),
            settings.execRoot(),
            layers,
            cache,
            records,
            new EngineImages(engine),
            new EngineJobs(engine),
            new WebDownloads(ProxyRules.of(System.getenv())),
            new Mounts(),
            InstantSource.system()));
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
}
