package io.djong.engine.local;

import io.djong.engine.Containers;
import io.djong.engine.Engine;
import io.djong.engine.Events;
import io.djong.engine.Execs;
import io.djong.engine.ImageTools;
import io.djong.engine.Images;
import io.djong.engine.Jobs;
import io.djong.engine.Networks;
import io.djong.engine.Registries;
import io.djong.engine.SystemFacts;
import io.djong.engine.VolumeTools;
import io.djong.engine.Volumes;
import io.djong.engine.container.ContainerServices;
import io.djong.engine.container.Machine;
import io.djong.engine.event.RecentEvents;
import io.djong.engine.image.StoredImages;
import io.djong.engine.network.RecordedNetworks;
import io.djong.engine.volume.FolderVolumeTools;
import io.djong.engine.volume.FolderVolumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The engine on this machine.
public final class LocalEngine implements Engine {
  private final RecentEvents events;
  private final ContainerServices containers;
  private final StoredImages images;
  private final Registries registries;
  private final RecordedNetworks networks;
  private final FolderVolumes volumes;
  private final MachineFacts facts;

  private LocalEngine(
      RecentEvents events,
      ContainerServices containers,
      StoredImages images,
      Registries registries,
      RecordedNetworks networks,
      FolderVolumes volumes,
      MachineFacts facts) {
    this.events = events;
    this.containers = containers;
    this.images = images;
    this.registries = registries;
    this.networks = networks;
    this.volumes = volumes;
    this.facts = facts;
  }

  /// Opens the engine; see [Engine]. One at a time for these roots.
  public static Engine open(EngineParts parts) throws IOException {
    Path data = parts.dataRoot().resolve("engine");
    Files.createDirectories(data);
    RecentEvents events = new RecentEvents(data.resolve("events"), parts.clock());
    ContainerServices containers =
        new ContainerServices(
            parts.records(),
            data.resolve("containers"),
            parts.execRoot().resolve("containers"),
            parts.snapshots(),
            parts.mounts(),
            events,
            parts.clock());
    StoredImages images =
        new StoredImages(
            new StoredImages.Stores(
                parts.records(),
                parts.localImages(),
                parts.names(),
                parts.blobs(),
                parts.snapshots(),
                parts.kept(),
                parts.blobCache(),
                parts.mounts(),
                parts.execRoot().resolve("images"),
                containers::trees),
            events,
            parts.clock(),
            containers::usersOfImage,
            containers.commitSource());
    RecordedNetworks networks =
        new RecordedNetworks(
            parts.records(),
            parts.network(),
            parts.clock(),
            containers.members(),
            events,
            parts.bridge());
    FolderVolumes volumes =
        new FolderVolumes(
            data.resolve("volumes"),
            parts.records(),
            events,
            parts.clock(),
            containers::usersOfVolume);
    Machine machine = Machine.read();
    containers.open(
        new ContainerServices.Surroundings(
            images,
            volumes,
            networks,
            parts.sandboxes(),
            parts.runtime(),
            machine,
            parts.processes(),
            parts.init(),
            parts.publishing(),
            parts.remap(),
            parts.nameServer()));
    volumes.sweep();
    Thread.ofVirtual().name("networks").start(networks::bringUp);
    images.sweep();
    return new LocalEngine(
        events,
        containers,
        images,
        images.registries(parts.registries()),
        networks,
        volumes,
        new MachineFacts(parts, machine));
  }

  @Override
  public Containers containers() {
    return containers.containers();
  }

  @Override
  public Execs execs() {
    return containers.execs();
  }

  @Override
  public Jobs jobs() {
    return containers.jobs();
  }

  @Override
  public ImageTools imageTools() {
    return images.tools();
  }

  @Override
  public Images images() {
    return images;
  }

  @Override
  public Registries registries() {
    return registries;
  }

  @Override
  public Networks networks() {
    return networks;
  }

  @Override
  public Volumes volumes() {
    return volumes;
  }

  @Override
  public VolumeTools volumeTools() {
    return new FolderVolumeTools(volumes);
  }

  @Override
  public Events events() {
    return events;
  }

  @Override
  public SystemFacts facts() throws IOException {
    return facts.read();
  }

  @Override
  public void close() throws IOException {
    containers.close();
    events.close();
    networks.release();
  }
}
