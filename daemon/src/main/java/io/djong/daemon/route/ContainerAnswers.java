package io.djong.daemon.route;

import io.djong.api.Ages;
import io.djong.api.ContainerInspect;
import io.djong.api.ContainerSummary;
import io.djong.api.EndpointSettings;
import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerDetails.MountView;
import io.djong.engine.ContainerDetails.NetworkPlace;
import io.djong.engine.ContainerState;
import io.djong.engine.Images;
import io.djong.linux.IdMapping;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig.PortBinding;
import io.djong.model.container.NetworkingConfig;
import io.djong.network.Cidr;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Says what is known about containers in the words of the Engine API. Safe for use by several
/// threads.
final class ContainerAnswers {
  private final Images images;

  ContainerAnswers(Images images) {
    this.images = images;
  }

  /// What images are called, looked up once for a list. For one thread.
  final class ImageNames {
    private final Map<String, String> idsOfNames = new HashMap<>();

    String of(ContainerDetails container) throws IOException {
      return imageName(container, idsOfNames);
    }
  }

  ImageNames names() {
    return new ImageNames();
  }

  /// The lines of a list, in the order given.
  List<ContainerSummary> summaries(List<ContainerDetails> containers, Instant now)
      throws IOException {
    Map<String, String> idsOfNames = new HashMap<>();
    List<ContainerSummary> summaries = new ArrayList<>(containers.size());
    for (ContainerDetails container : containers) {
      summaries.add(summary(container, now, imageName(container, idsOfNames)));
    }
    return summaries;
  }

  /// The name the container was made with, or the image's id where that name means another image by
  /// now.
  private String imageName(ContainerDetails container, Map<String, String> idsOfNames)
      throws IOException {
    String name = container.config().image();
    String id = idsOfNames.get(name);
    if (id == null) {
      id = idOf(name);
      idsOfNames.put(name, id);
    }
    return id.equals(container.imageId().toString()) ? name : container.imageId().toString();
  }

  private String idOf(String name) throws IOException {
    try {
      return images.inspect(name).id().toString();
    } catch (Fault.NotFound | Fault.Invalid _) { // Images go, containers stay.
      return "";
    }
  }

  static ContainerSummary summary(ContainerDetails container, Instant now, String imageName) {
    Map<String, EndpointSettings> networks = new TreeMap<>();
    List<ContainerSummary.Port> ports = new ArrayList<>();
    container
        .networks()
        .forEach(
            (name, place) -> {
              networks.put(name, endpoint(place));
              if (place.endpoint() != null) {
                place.endpoint().ports().forEach(port -> ports.add(published(port)));
              }
            });
    boolean runs = container.state() instanceof ContainerState.Running;
    for (String exposed : runs ? container.config().exposedPorts().keySet() : List.<String>of()) {
      int slash = exposed.indexOf('/');
      int number = Integer.parseInt(slash < 0 ? exposed : exposed.substring(0, slash));
      String protocol = slash < 0 ? "tcp" : exposed.substring(slash + 1);
      if (ports.stream()
          .noneMatch(port -> port.privatePort() == number && port.type().equals(protocol))) {
        ports.add(new ContainerSummary.Port(null, number, null, protocol));
      }
    }
    ContainerDetails.Sizes sizes = container.sizes();
    return new ContainerSummary(
        container.id().hex(),
        List.of("/" + container.name()),
        imageName,
        container.imageId().toString(),
        command(container),
        container.created().getEpochSecond(),
        ports,
        sizes == null ? null : sizes.writable(),
        sizes == null ? null : sizes.rootFs(),
        container.config().labels(),
        word(container.state()),
        statusOf(container, now),
        new ContainerSummary.Host(networkMode(container), container.host().annotations()),
        new ContainerSummary.Networks(networks),
        mounts(container));
  }

  private static ContainerSummary.Port published(Port port) {
    return new ContainerSummary.Port(
        Cidr.text(port.hostAddress()), port.containerPort(), port.hostPort(), port.protocol());
  }

  private static String command(ContainerDetails container) {
    StringBuilder command = new StringBuilder(container.path());
    for (String argument : container.args()) {
      boolean quoted = argument.indexOf(' ') >= 0;
      command.append(' ').append(quoted ? "'" + argument + "'" : argument);
    }
    return command.toString();
  }

  private static String networkMode(ContainerDetails container) {
    String mode = container.host().networkMode();
    return mode.equals("default") ? "bridge" : mode;
  }

  /// The word of the API. What never ran counts as created, also if a start failed.
  static String word(ContainerState state) {
    return state instanceof ContainerState.Exited(@Nullable Instant startedAt, _, _)
            && startedAt == null
        ? "created"
        : state.word();
  }

  /// The `STATUS` column for people.
  static String status(ContainerState state, Instant now) {
    return switch (state) {
      case ContainerState.Created _ -> "Created";
      case ContainerState.Running(_, Instant since, boolean paused) ->
          "Up " + Ages.of(Duration.between(since, now).toSeconds()) + (paused ? " (Paused)" : "");
      case ContainerState.Restarting restarting ->
          "Restarting ("
              + restarting.status().code()
              + ") "
              + Ages.of(Duration.between(restarting.status().finishedAt(), now).toSeconds())
              + " ago";
      case ContainerState.Exited exited ->
          exited.startedAt() == null
              ? "Created"
              : "Exited ("
                  + exited.status().code()
                  + ") "
                  + Ages.of(Duration.between(exited.status().finishedAt(), now).toSeconds())
                  + " ago";
      case ContainerState.Removing _ -> "Removal In Progress";
      case ContainerState.Dead _ -> "Dead";
    };
  }

  /// What `STATUS` says.
  static String statusOf(ContainerDetails container, Instant now) {
    return status(container.state(), now) + healthNote(container);
  }

  /// What `STATUS` says of a running container's health.
  private static String healthNote(ContainerDetails container) {
    ContainerDetails.Health health = container.health();
    if (health == null
        || !(container.state() instanceof ContainerState.Running running)
        || running.paused()) {
      return "";
    }
    return health.status().equals("starting")
        ? " (health: starting)"
        : " (" + health.status() + ")";
  }

  private static ContainerInspect.@Nullable Health health(ContainerDetails container) {
    ContainerDetails.Health health = container.health();
    return health == null
        ? null
        : new ContainerInspect.Health(
            health.status(),
            health.failingStreak(),
            health.log().stream().map(ContainerAnswers::probe).toList());
  }

  private static ContainerInspect.Probe probe(ContainerDetails.Health.Probe probe) {
    return new ContainerInspect.Probe(
        Times.text(probe.start()), Times.text(probe.end()), probe.exitCode(), probe.output());
  }

  ContainerInspect inspect(ContainerDetails container) {
    ContainerDetails.Sizes sizes = container.sizes();
    return new ContainerInspect(
        container.id().hex(),
        Times.text(container.created()),
        container.path(),
        container.args(),
        state(container.state()).with(health(container)),
        container.imageId().toString(),
        container.resolvConfPath().toString(),
        container.hostnamePath().toString(),
        container.hostsPath().toString(),
        container.logPath() == null ? "" : container.logPath().toString(),
        "/" + container.name(),
        container.restartCount(),
        container.driver(),
        container.platform(),
        "",
        "",
        "",
        container.execIds(),
        container.host(),
        new ContainerInspect.GraphDriver(null, container.driver()),
        sizes == null ? null : sizes.writable(),
        sizes == null ? null : sizes.rootFs(),
        mounts(container),
        container.config(),
        networkSettings(container),
        idMappings(container.idMapping()));
  }

  private static ContainerInspect.@Nullable IdMappings idMappings(@Nullable IdMapping mapping) {
    return mapping == null
        ? null
        : new ContainerInspect.IdMappings(lines(mapping.users()), lines(mapping.groups()));
  }

  private static List<String> lines(List<IdMapping.Range> ranges) {
    return ranges.stream()
        .map(range -> range.kept() + ":" + range.shown() + ":" + range.count())
        .toList();
  }

  private static ContainerInspect.State state(ContainerState state) {
    String word = word(state);
    return switch (state) {
      case ContainerState.Created _ -> state(word, 0, 0, "", Times.NEVER, Times.NEVER, false);
      case ContainerState.Running running ->
          new ContainerInspect.State(
              word,
              true,
              running.paused(),
              false,
              false,
              false,
              running.pid(),
              0,
              "",
              Times.text(running.since()),
              Times.NEVER,
              null);
      case ContainerState.Restarting restarting ->
          new ContainerInspect.State(
              word,
              true,
              false,
              true,
              restarting.status().oomKilled(),
              false,
              0,
              restarting.status().code(),
              restarting.error() == null ? "" : restarting.error(),
              Times.text(restarting.startedAt()),
              Times.text(restarting.status().finishedAt()),
              null);
      case ContainerState.Exited exited ->
          state(
              word,
              0,
              exited.status().code(),
              exited.error() == null ? "" : exited.error(),
              Times.text(exited.startedAt()),
              exited.startedAt() == null ? Times.NEVER : Times.text(exited.status().finishedAt()),
              exited.status().oomKilled());
      case ContainerState.Removing removing -> in(word, state(removing.before()), "", false);
      case ContainerState.Dead dead -> in(word, state(dead.before()), dead.error(), true);
    };
  }

  private static ContainerInspect.State state(
      String word,
      int pid,
      int code,
      String error,
      String started,
      String finished,
      boolean oomKilled) {
    return new ContainerInspect.State(
        word, false, false, false, oomKilled, false, pid, code, error, started, finished, null);
  }

  private static ContainerInspect.State in(
      String word, ContainerInspect.State before, String error, boolean dead) {
    return new ContainerInspect.State(
        word,
        before.running(),
        before.paused(),
        before.restarting(),
        before.oomKilled(),
        dead,
        before.pid(),
        before.exitCode(),
        error.isEmpty() ? before.error() : error,
        before.startedAt(),
        before.finishedAt(),
        null);
  }

  private static List<ContainerInspect.Mount> mounts(ContainerDetails container) {
    List<ContainerInspect.Mount> mounts = new ArrayList<>();
    for (MountView mount : container.mounts()) {
      mounts.add(
          new ContainerInspect.Mount(
              mount.type(),
              mount.name(),
              mount.source(),
              mount.destination(),
              mount.driver(),
              mount.mode(),
              mount.writable(),
              mount.propagation()));
    }
    return mounts;
  }

  private static ContainerInspect.NetworkSettings networkSettings(ContainerDetails container) {
    Map<String, EndpointSettings> networks = new TreeMap<>();
    Map<String, @Nullable List<PortBinding>> ports = new TreeMap<>();
    boolean runs = container.state() instanceof ContainerState.Running;
    if (runs) {
      container.config().exposedPorts().keySet().forEach(exposed -> ports.put(exposed, null));
    }
    container
        .networks()
        .forEach(
            (name, place) -> {
              networks.put(name, endpoint(place));
              Endpoint endpoint = place.endpoint();
              for (Port port : endpoint == null ? List.<Port>of() : endpoint.ports()) {
                List<PortBinding> bindings =
                    ports.computeIfAbsent(
                        port.containerPort() + "/" + port.protocol(), _ -> new ArrayList<>());
                bindings.add(
                    new PortBinding(
                        Cidr.text(port.hostAddress()), Integer.toString(port.hostPort())));
              }
            });
    String key = container.sandboxKey() == null ? "" : container.sandboxKey();
    EndpointSettings old =
        networks.getOrDefault(
            "bridge",
            endpoint(
                new NetworkPlace(
                    "",
                    new NetworkingConfig.EndpointConfig(null, null, null, null, null, 0),
                    null,
                    List.of())));
    return new ContainerInspect.NetworkSettings(
        "",
        key.substring(key.lastIndexOf('/') + 1),
        key,
        ports,
        false,
        "",
        0,
        null,
        null,
        old.endpointId(),
        old.gateway(),
        old.globalIpv6Address(),
        old.globalIpv6PrefixLen(),
        old.ipAddress(),
        old.ipPrefixLen(),
        old.ipv6Gateway(),
        old.macAddress(),
        networks);
  }

  private static EndpointSettings endpoint(NetworkPlace place) {
    NetworkingConfig.EndpointConfig asked = place.asked();
    Endpoint endpoint = place.endpoint();
    return new EndpointSettings(
        asked.ipamConfig(),
        asked.links(),
        asked.aliases(),
        endpoint == null ? text(asked.macAddress()) : endpoint.mac(),
        asked.driverOpts(),
        asked.gwPriority(),
        place.networkId(),
        endpoint == null ? "" : endpoint.id(),
        endpoint == null ? "" : text(endpoint.gateway()),
        endpoint == null ? "" : text(endpoint.address()),
        endpoint == null ? 0 : prefix(endpoint.address()),
        endpoint == null ? "" : text(endpoint.gateway6()),
        endpoint == null ? "" : text(endpoint.address6()),
        endpoint == null ? 0 : prefix(endpoint.address6()),
        place.names().isEmpty() ? null : place.names());
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String text(@Nullable InetAddress address) {
    return address == null ? "" : Cidr.text(address);
  }

  private static String text(@Nullable Cidr cidr) {
    return cidr == null ? "" : Cidr.text(cidr.address());
  }

  private static int prefix(@Nullable Cidr cidr) {
    return cidr == null ? 0 : cidr.prefix();
  }
}
