package io.djong.daemon.route;

import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerState;
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
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.json.Json;
import io.djong.network.Cidr;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// An engine in memory with one image and one container: what a call does is seen in what later
/// calls answer.
public final class FakeEngine implements Engine {
  static final Digest IMAGE = Digest.of(new byte[] {1});
  static final ContainerId CONTAINER = new ContainerId("c0ffee".repeat(10) + "abcd");

  final FakeContainers containers = new FakeContainers();
  final FakeExecs execs = new FakeExecs();
  final FakeImages images = new FakeImages();
  final FakeRegistries registries = new FakeRegistries();
  final FakeEvents events = new FakeEvents();
  private volatile boolean closed;

  public boolean isClosed() {
    return closed;
  }

  @Override
  public Containers containers() {
    return containers;
  }

  @Override
  public ImageTools imageTools() {
    return new FakeImageTools();
  }

  @Override
  public VolumeTools volumeTools() {
    return new FakeVolumeTools();
  }

  @Override
  public Jobs jobs() {
    throw new UnsupportedOperationException("no route asks for jobs");
  }

  @Override
  public Execs execs() {
    return execs;
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
    return new FakeNetworks();
  }

  @Override
  public Volumes volumes() {
    return new FakeVolumes();
  }

  @Override
  public Events events() {
    return events;
  }

  @Override
  public SystemFacts facts() {
    return new SystemFacts(
        "id",
        "ship",
        "6.1",
        "Debian",
        "12",
        "x86_64",
        2,
        1L << 30,
        "cgroupfs",
        "1",
        "overlay2",
        Map.of("Backing Filesystem", "extfs"),
        "/var/lib/djong",
        Map.of("runc", "/usr/bin/runc"),
        "runc",
        "1.1.5",
        "",
        List.of("name=seccomp,profile=builtin"),
        true,
        true,
        true,
        true,
        true,
        List.of());
  }

  @Override
  public void close() {
    closed = true;
  }

  static ContainerDetails details(ContainerState state, ContainerConfig config, HostConfig host) {
    Cidr address = Cidr.parse("172.17.0.2/16");
    Endpoint endpoint =
        new Endpoint(
            "e".repeat(64),
            CONTAINER.hex(),
            "n".repeat(64),
            "eth0",
            "veth0",
            "02:42:ac:11:00:02",
            address,
            Cidr.parseAddress("172.17.0.1"),
            null,
            null,
            List.of(new Port(80, "tcp", Cidr.parseAddress("0.0.0.0"), 8080)));
    boolean runs = state instanceof ContainerState.Running;
    return new ContainerDetails(
        CONTAINER,
        "argo",
        Instant.parse("2026-11-22T08:00:00.5Z"),
        "sleep",
        List.of("1000", "a b"),
        state,
        IMAGE,
        config,
        host,
        Map.of(
            "bridge",
            new ContainerDetails.NetworkPlace(
                "n".repeat(64),
                new NetworkingConfig.EndpointConfig(null, null, null, null, null, 0),
                runs ? endpoint : null,
                List.of())),
        List.of(
            new ContainerDetails.MountView("bind", null, "/tmp", "/x", null, "", true, "rprivate")),
        "overlay2",
        "linux",
        0,
        null,
        Path.of("/r/resolv.conf"),
        Path.of("/r/hostname"),
        Path.of("/r/hosts"),
        List.of(),
        "/run/djong/netns/key",
        null,
        null,
        null);
  }

  static ContainerConfig config(String json) {
    return Json.full().read(ContainerConfig.class, json);
  }

  static HostConfig host() {
    return Json.full().read(HostConfig.class, "{\"ShmSize\":67108864}");
  }
}
