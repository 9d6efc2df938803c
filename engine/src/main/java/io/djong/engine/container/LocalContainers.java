package io.djong.engine.container;

import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerUsage;
import io.djong.engine.Containers;
import io.djong.engine.Filters;
import io.djong.engine.image.StoredImages;
import io.djong.layers.Snapshotter.Change;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Finds the container that is meant and hands each verb to the service that does it.
final class LocalContainers implements Containers {
  private final ContainerParts parts;
  private final ContainerCreation creation;
  private final ContainerStart start;
  private final ContainerStop stop;
  private final ContainerRemoval removal;
  private final ContainerFiles files;
  private final NetworkChanges networks;
  private final ContainerPrune prune;
  private final UsageReader usage;
  private final ContainerUpdate update;
  private final PortChanges ports;
  private final ProcessTable processes;
  private final Details details;

  LocalContainers(
      ContainerParts parts,
      ContainerCreation creation,
      ContainerStart start,
      ContainerStop stop,
      ContainerRemoval removal,
      ContainerFiles files,
      ProcessTable processes,
      Details details) {
    this.parts = parts;
    this.creation = creation;
    this.start = start;
    this.stop = stop;
    this.removal = removal;
    this.files = files;
    this.networks = new NetworkChanges(parts);
    this.prune = new ContainerPrune(parts, removal);
    this.usage = new UsageReader(parts.events().clock(), parts.machine());
    this.update = new ContainerUpdate(parts);
    this.ports = new PortChanges(parts);
    this.processes = processes;
    this.details = details;
  }

  private Container find(String ref) {
    return parts.register().find(ref);
  }

  @Override
  public Created create(
      @Nullable String name,
      ContainerConfig config,
      HostConfig host,
      NetworkingConfig networking,
      @Nullable String platform)
      throws IOException {
    return creation.create(name, config, host, networking, platform);
  }

  @Override
  public boolean start(String ref) throws IOException {
    return start.start(find(ref));
  }

  @Override
  public boolean stop(String ref, @Nullable String signal, @Nullable Integer timeoutSeconds)
      throws IOException, InterruptedException {
    return stop.stop(find(ref), ref, signal, timeoutSeconds);
  }

  @Override
  public void restart(String ref, @Nullable String signal, @Nullable Integer timeoutSeconds)
      throws IOException, InterruptedException {
    Container container = find(ref);
    stop.stop(container, ref, signal, timeoutSeconds);
    start.start(container);
    parts.events().tell(container, "restart");
  }

  @Override
  public void connect(String ref, String network, EndpointConfig asked) throws IOException {
    networks.connect(find(ref), network, asked);
  }

  @Override
  public void disconnect(String ref, String network) throws IOException {
    networks.disconnect(find(ref), network);
  }

  @Override
  public void kill(String ref, String signal) throws IOException, InterruptedException {
    Container container;
    try {
      container = find(ref);
    } catch (Fault.NotFound e) {
      throw new Fault.NotFound("cannot kill container: " + ref + ": " + e.getMessage());
    }
    stop.kill(container, ref, signal);
  }

  @Override
  public void pause(String ref) throws IOException {
    stop.pause(find(ref), true);
  }

  @Override
  public void unpause(String ref) throws IOException {
    stop.pause(find(ref), false);
  }

  @Override
  public void rename(String ref, String newName) throws IOException {
    Container container = find(ref);
    String name = newName.startsWith("/") ? newName.substring(1) : newName;
    if (name.isEmpty()) {
      throw new Fault.Invalid("Neither old nor new names may be empty");
    }
    String problem = "Error when allocating new name: ";
    try {
      RequestChecks.name(name, "/" + name);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(problem + e.getMessage(), e);
    }
    container.lock().lock();
    try {
      String before = container.name();
      if (before.equals(name)) {
        throw new Fault.Invalid("Renaming a container with the same name as its current name");
      }
      parts.register().reserve(name, container.id().hex(), problem);
      try (Rollback rollback = new Rollback()) {
        rollback.add(() -> parts.register().release(name, container.id().hex()));
        parts.register().update(container, container.record().withName(name));
        rollback.keep();
      }
      parts.register().release(before, container.id().hex());
      parts.events().tell(container, "rename", java.util.Map.of("oldName", "/" + before));
    } finally {
      container.lock().unlock();
    }
  }

  @Override
  public void unlink(String ref, String alias) throws IOException {
    networks.unlink(find(ref), alias);
  }

  @Override
  public void remove(String ref, boolean force, boolean volumes)
      throws IOException, InterruptedException {
    removal.remove(find(ref), ref, force, volumes);
  }

  @Override
  public Pruned prune(Filters filters) throws IOException {
    return prune.prune(filters);
  }

  @Override
  public ContainerDetails inspect(String ref, boolean size) throws IOException {
    return details.of(find(ref), size);
  }

  @Override
  public List<ContainerDetails> list(boolean all, int limit, boolean size, Filters filters)
      throws IOException {
    ContainerFilter filter = new ContainerFilter(filters, parts.register(), ancestors(filters));
    List<Container> sorted = new ArrayList<>(parts.register().all());
    sorted.sort(
        Comparator.comparingLong((Container container) -> container.record().number()).reversed());
    List<ContainerDetails> found = new ArrayList<>();
    for (Container container : sorted) {
      boolean wanted = all || limit > 0 || container.isUp() || filter.looksAtEnded();
      if (wanted && filter.fits(container)) {
        found.add(details.of(container, size));
        if (limit > 0 && found.size() == limit) {
          break;
        }
      }
    }
    return List.copyOf(found);
  }

  private List<Digest> ancestors(Filters filters) throws IOException {
    List<Digest> all = new ArrayList<>();
    StoredImages images = parts.images();
    for (String ref : filters.of("ancestor")) {
      all.addAll(images.descendants(ref));
    }
    return all;
  }

  @Override
  public PendingExit awaitExit(String ref, WaitCondition condition) {
    Container container = find(ref);
    CompletableFuture<ExitStatus> exit = exit(container, condition);
    return () -> {
      try {
        return exit.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("an exit is never exceptional", e);
      }
    };
  }

  private static CompletableFuture<ExitStatus> exit(Container container, WaitCondition condition) {
    return switch (condition) {
      case REMOVED -> container.removal();
      case NEXT_EXIT -> container.nextExit();
      case NOT_RUNNING -> {
        // First the promise, then the look: an end in between is not missed.
        CompletableFuture<ExitStatus> next = container.nextExit();
        yield container.isUp() ? next : CompletableFuture.completedFuture(container.lastStatus());
      }
    };
  }

  @Override
  public Attachment attach(String ref) throws IOException {
    Container container = find(ref);
    container.lock().lock();
    try {
      if (container.life().paused()) {
        throw new Fault.Conflict(
            "container " + container.name() + " is paused, unpause the container before attach");
      }
      ContainerProcess process = container.process();
      if (container.isRestarting()) {
        throw new Fault.Conflict(
            "container "
                + container.name()
                + " is restarting, wait until the container is running");
      }
      Attachment attachment =
          container.isRunning() && process != null ? process.attach() : container.attachLater();
      parts.events().tell(container, "attach");
      return attachment;
    } finally {
      container.lock().unlock();
    }
  }

  @Override
  public LogReader logs(String ref, LogQuery query) throws IOException {
    Container container = find(ref);
    if (container.record().host().logConfig().type().equals("none")) {
      throw new Fault.Unsupported("configured logging driver does not support reading");
    }
    ContainerProcess process = container.process();
    return container.isRunning() && process != null
        ? process.logs(query)
        : parts.runtime().logs(Streams.of(container.record(), parts.folders()), query);
  }

  @Override
  public Map<String, String> logAttributes(String ref) throws IOException {
    return LogOptions.attributes(find(ref).record());
  }

  @Override
  public Top top(String ref, String psArguments) throws IOException, InterruptedException {
    Container container = find(ref);
    Top top = processes.of(container, psArguments);
    parts.events().tell(container, "top");
    return top;
  }

  @Override
  public ContainerUsage usage(String ref) throws IOException {
    return usage.of(find(ref));
  }

  @Override
  public List<String> update(
      String ref, HostConfig wanted, HostConfig.@Nullable RestartPolicy policy) throws IOException {
    return update.update(find(ref), wanted, policy);
  }

  @Override
  public void changePorts(
      String ref,
      Map<String, List<HostConfig.PortBinding>> add,
      Map<String, List<HostConfig.PortBinding>> remove)
      throws IOException {
    ports.change(find(ref), add, remove);
  }

  @Override
  public List<Change> changes(String ref) throws IOException {
    Container container = find(ref);
    return parts.snapshots().changes(parts.trees().active(container.id()));
  }

  @Override
  public void export(String ref, OutputStream tar) throws IOException {
    Container container = find(ref);
    files.export(container, tar);
    parts.events().tell(container, "export");
  }

  @Override
  public void resize(String ref, int columns, int rows) throws IOException {
    Container container = find(ref);
    ContainerProcess process = container.process();
    if (!container.isRunning() || process == null) {
      throw new Fault.Conflict("container " + container.id() + " is not running");
    }
    process.resize(columns, rows);
  }

  @Override
  public PathStat statPath(String ref, String path) throws IOException {
    return files.stat(find(ref), ref, path);
  }

  @Override
  public PathStat copyOut(String ref, String path, CopySink sink) throws IOException {
    Container container = find(ref);
    PathStat stat = files.copyOut(container, ref, path, sink);
    parts.events().tell(container, "archive-path");
    return stat;
  }

  @Override
  public void copyIn(
      String ref, String path, InputStream tar, boolean noOverwriteDirNonDir, boolean copyUidGid)
      throws IOException {
    Container container = find(ref);
    files.copyIn(container, ref, path, tar, noOverwriteDirNonDir, copyUidGid);
    parts.events().tell(container, "extract-to-dir");
  }
}
