package io.djong.engine.container;

import io.djong.content.RecordStore;
import io.djong.engine.Containers;
import io.djong.engine.Events;
import io.djong.engine.Execs;
import io.djong.engine.Jobs;
import io.djong.engine.ProcessLister;
import io.djong.engine.Publishing;
import io.djong.engine.image.CommitSource;
import io.djong.engine.image.ImageUsers;
import io.djong.engine.image.StoredImages;
import io.djong.engine.network.NetworkMembers;
import io.djong.engine.network.RecordedNetworks;
import io.djong.engine.volume.FolderVolumes;
import io.djong.layers.Snapshotter;
import io.djong.linux.Mounts;
import io.djong.model.Digest;
import io.djong.network.NameServer;
import io.djong.network.Sandboxes;
import io.djong.runtime.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The services of this package, put together. First what other nouns ask of containers can be
/// asked; with [#open] they can be used.
public final class ContainerServices implements AutoCloseable {
  private final ContainerRegister register;
  private final ContainerFolders folders;
  private final RootFileSystems trees;
  private final ContainerEvents events;
  private final Snapshotter snapshots;
  private final Mounts mounts;
  private @Nullable Opened opened;

  private record Opened(
      LocalContainers containers,
      LocalExecs execs,
      ContainerJobs jobs,
      ContainerEnds ends,
      Restarts restarts,
      HealthChecks health) {}

  /// @param data where containers' own files are kept
  /// @param exec where the files of one run are
  public ContainerServices(
      RecordStore records,
      Path data,
      Path exec,
      Snapshotter snapshots,
      Mounts mounts,
      Events listeners,
      InstantSource clock)
      throws IOException {
    this.folders = new ContainerFolders(data, exec);
    ContainerFolders.make(folders.data());
    ContainerFolders.make(folders.exec());
    this.register = new ContainerRegister(records);
    this.snapshots = snapshots;
    this.mounts = mounts;
    this.trees = new RootFileSystems(snapshots, mounts, folders);
    this.events = new ContainerEvents(listeners, clock);
  }

  /// Who has a volume.
  public List<String> usersOfVolume(String volume) {
    return register.all().stream()
        .filter(
            container ->
                container.record().mounts().stream().anyMatch(m -> volume.equals(m.name())))
        .map(container -> container.id().hex())
        .toList();
  }

  /// The keys of all containers' trees, as the records have them while no engine runs.
  public static List<String> trees(RecordStore records) throws IOException {
    return new ContainerRegister(records)
        .all().stream().map(container -> container.id().hex()).toList();
  }

  /// The keys of all containers' trees.
  public List<String> trees() {
    return register.all().stream().map(container -> container.id().hex()).toList();
  }

  /// Who was made from an image, or mounts it.
  public List<ImageUsers.User> usersOfImage(Digest image) {
    return register.all().stream()
        .filter(container -> container.record().imageId().equals(image) || mounts(container, image))
        .map(container -> new ImageUsers.User(container.id().hex(), container.isRunning()))
        .toList();
  }

  private static boolean mounts(Container container, Digest image) {
    return container.record().mounts().stream().anyMatch(mount -> image.equals(mount.image()));
  }

  /// Who is in a network.
  public NetworkMembers members() {
    return new RegisteredMembers(register);
  }

  public CommitSource commitSource() {
    return new HeldContainers(register, trees, events);
  }

  /// What containers need besides.
  ///
  /// @param publishing how ports are published where nobody says
  /// @param remap whose ids all containers get, `default` or `USER[:GROUP]`; null for their own
  public record Surroundings(
      StoredImages images,
      FolderVolumes volumes,
      RecordedNetworks networks,
      Sandboxes sandboxes,
      ContainerRuntime runtime,
      Machine machine,
      ProcessLister processes,
      @Nullable Path init,
      Publishing publishing,
      @Nullable String remap,
      NameServer names) {}

  /// Takes over what an earlier engine left; from then on containers can be used. Call it once.
  public void open(Surroundings around) throws IOException {
    MountSources sources = new MountSources(mounts, folders, new ImageMounts(snapshots));
    ContainerParts parts =
        new ContainerParts(
            around.images(),
            around.volumes(),
            snapshots,
            trees,
            sources,
            folders,
            register,
            new NetworkPlaces(
                around.sandboxes(),
                around.networks(),
                register,
                around.publishing(),
                around.names()),
            new SharedNamespaces(register, folders, mounts),
            UserNamespaces.open(register, around.remap()),
            events,
            around.runtime(),
            around.machine(),
            around.init());
    RuntimeSpecs specs = new RuntimeSpecs(around.machine(), SeccompProfile.load());
    ContainerLaunch launch = new ContainerLaunch(parts, specs);
    ContainerRemoval removal = new ContainerRemoval(parts);
    Restarts restarts = new Restarts();
    ContainerEnds ends = new ContainerEnds(parts, removal, restarts);
    ContainerRecovery recovery = new ContainerRecovery(parts, ends, removal, around.sandboxes());
    recovery.recover();
    LocalExecs execs = new LocalExecs(parts, specs);
    HealthChecks health = new HealthChecks(parts, execs);
    ContainerStart start = new ContainerStart(parts, launch, ends, health);
    ContainerStop stop = new ContainerStop(parts);
    Details details =
        new Details(
            folders,
            snapshots,
            around.networks(),
            around.images()::size,
            new ShownHost(specs, around.machine(), around.runtime()));
    opened =
        new Opened(
            new LocalContainers(
                parts,
                new ContainerCreation(parts, new DrawnNames(new SecureRandom())),
                start,
                stop,
                removal,
                new ContainerFiles(new ContainerTrees(trees, mounts, sources)),
                new ProcessTable(around.processes()),
                details),
            execs,
            new ContainerJobs(parts, launch),
            ends,
            restarts,
            health);
    restarts.open(start::startAgain);
    health.open((container, what) -> cure(container, what, start, stop));
    recovery.resume(restarts, health);
  }

  private static void cure(
      Container container, String what, ContainerStart start, ContainerStop stop)
      throws IOException, InterruptedException {
    switch (what) {
      case "kill" -> stop.killUnwell(container);
      case "stop" -> stop.stop(container, container.name(), null, null);
      case "restart" -> {
        stop.stop(container, container.name(), null, null);
        start.start(container);
      }
      default -> throw new IllegalStateException("not checked at create: " + what);
    }
  }

  private Opened opened() {
    Opened all = opened;
    if (all == null) {
      throw new IllegalStateException("not open");
    }
    return all;
  }

  public Containers containers() {
    return opened().containers();
  }

  public Execs execs() {
    return opened().execs();
  }

  public Jobs jobs() {
    return opened().jobs();
  }

  /// Containers run on.
  @Override
  public void close() {
    if (opened != null) {
      opened.restarts().close();
      opened.health().close();
      opened.ends().close();
    }
  }
}
