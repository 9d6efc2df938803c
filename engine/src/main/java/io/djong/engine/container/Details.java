package io.djong.engine.container;

import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerDetails.MountView;
import io.djong.engine.ContainerDetails.NetworkPlace;
import io.djong.engine.ContainerDetails.Sizes;
import io.djong.engine.network.Endpoints;
import io.djong.engine.network.RecordedNetworks;
import io.djong.layers.Snapshotter;
import io.djong.model.ContainerId;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.model.record.EndpointRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Says what is known of a container. Takes no lock: it is the state of one moment.
final class Details {
  private final ContainerFolders folders;
  private final Snapshotter snapshots;
  private final RecordedNetworks networks;
  private final ImageSizes images;
  private final ShownHost hosts;

  /// Tells how large an image is.
  @FunctionalInterface
  interface ImageSizes {
    long of(io.djong.model.Digest image) throws IOException;
  }

  Details(
      ContainerFolders folders,
      Snapshotter snapshots,
      RecordedNetworks networks,
      ImageSizes images,
      ShownHost hosts) {
    this.folders = folders;
    this.snapshots = snapshots;
    this.networks = networks;
    this.images = images;
    this.hosts = hosts;
  }

  /// Gives the same object again while nothing has changed.
  @SuppressWarnings("ReferenceEquality") // Records are immutable: another state is another object.
  ContainerDetails of(Container container, boolean size) throws IOException {
    Container.Said said = container.said();
    ContainerRecord record = container.record();
    if (!size
        && said != null
        && said.record() == record
        && Objects.equals(said.details().health(), health(container))
        && said.details().execIds().equals(List.copyOf(container.execs()))
        && said.details().networks().equals(places(record))) {
      return said.details();
    }
    ContainerDetails details = newly(container, record, size);
    if (!size && container.record() == record) {
      container.say(new Container.Said(record, details));
    }
    return details;
  }

  private ContainerDetails newly(Container container, ContainerRecord record, boolean size)
      throws IOException {
    ContainerId id = container.id();
    List<String> commandLine = ImageDefaults.commandLine(record.config());
    boolean logs = !record.host().logConfig().type().equals("none");
    return new ContainerDetails(
        id,
        record.name(),
        Instant.parse(record.created()),
        commandLine.getFirst(),
        commandLine.subList(1, commandLine.size()),
        container.state(),
        record.imageId(),
        record.config(),
        hosts.of(record.host()),
        places(record),
        record.mounts().stream().filter(m -> !isHidden(m, record)).map(Details::view).toList(),
        snapshots.name(),
        "linux",
        record.life().restarts(),
        logs ? folders.log(id) : null,
        folders.resolvConf(id),
        folders.hostname(id),
        folders.hosts(id),
        List.copyOf(container.execs()),
        container.isRunning() ? sandboxKey(record, container.life().pid()) : null,
        size ? sizes(container) : null,
        health(container),
        UserNamespaces.mapping(record));
  }

  private static ContainerDetails.@Nullable Health health(Container container) {
    HealthWatch health = container.health();
    return health == null ? null : health.view();
  }

  private @Nullable Sizes sizes(Container container) throws IOException {
    var active = snapshots.active(container.id().hex());
    if (active == null) {
      return null;
    }
    long writable = snapshots.usage(active);
    return new Sizes(writable, writable + images.of(container.record().imageId()));
  }

  /// Docker shows a tmpfs of `--tmpfs` in the host's part alone.
  private static boolean isHidden(MountRecord mount, ContainerRecord record) {
    return mount.type().equals("tmpfs")
        && record.host().tmpfs().keySet().stream()
            .anyMatch(path -> BindSpec.normal(path).equals(mount.destination()));
  }

  private static MountView view(MountRecord mount) {
    return new MountView(
        mount.type(),
        mount.name(),
        mount.source(),
        mount.destination(),
        mount.type().equals("volume") ? "local" : null,
        mount.mode(),
        mount.writable(),
        mount.propagation());
  }

  private static String sandboxKey(ContainerRecord record, int pid) {
    return record.host().networkMode().equals("host")
        ? "/var/run/docker/netns/default"
        : Path.of("/proc", String.valueOf(pid), "ns/net").toString();
  }

  private Map<String, NetworkPlace> places(ContainerRecord record) {
    Map<String, NetworkPlace> all = new TreeMap<>();
    AskedNetworks.of(record)
        .forEach(
            (name, asked) -> {
              String networkId = networks.idOf(name);
              EndpointRecord kept = record.endpoints().get(networkId);
              all.put(
                  name,
                  new NetworkPlace(
                      networkId,
                      asked,
                      kept == null ? null : Endpoints.endpoint(kept),
                      List.of("bridge", "host", "none").contains(name)
                          ? List.of()
                          : NameIndex.names(record, asked)));
            });
    return all;
  }
}
