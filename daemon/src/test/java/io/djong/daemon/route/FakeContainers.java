package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerState;
import io.djong.engine.ContainerUsage;
import io.djong.engine.Containers;
import io.djong.engine.Filters;
import io.djong.layers.Snapshotter.Change;
import io.djong.model.Fault;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.LogLine;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// One container, `argo`, that runs; what is asked of it is written down.
final class FakeContainers implements Containers {
  final List<String> asked = new ArrayList<>();
  final List<LogLine> log = new ArrayList<>();
  final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  final CountDownLatch waitEnded = new CountDownLatch(1);
  volatile @Nullable LogQuery query;
  volatile @Nullable FakeProcess process;
  volatile @Nullable RuntimeException refusal;
  volatile @Nullable IOException failure;
  volatile byte[] received = {};
  volatile ContainerState state =
      new ContainerState.Running(42, Instant.now().minusSeconds(180), false);
  volatile ContainerConfig config =
      FakeEngine.config(
          "{\"Image\":\"busybox\",\"OpenStdin\":true,\"ExposedPorts\":{\"80/tcp\":{},\"90/udp\":{}},\"Labels\":{\"a\":\"b\"}}");

  private ContainerDetails find(String ref) {
    RuntimeException refused = refusal;
    if (refused != null) {
      throw refused;
    }
    if (!ref.equals("argo") && !FakeEngine.CONTAINER.hex().startsWith(ref)) {
      throw new Fault.NotFound("No such container: " + ref);
    }
    return FakeEngine.details(state, config, FakeEngine.host());
  }

  @Override
  public Created create(
      @Nullable String name,
      ContainerConfig config,
      HostConfig host,
      NetworkingConfig networking,
      @Nullable String platform) {
    if (!config.image().startsWith("busybox")) {
      throw new Fault.NotFound("No such image: " + config.image() + ":latest");
    }
    asked.add("create " + name + " " + config.cmd() + " " + host.memory());
    this.config = config;
    return new Created(FakeEngine.CONTAINER, List.of());
  }

  @Override
  public boolean start(String ref) {
    find(ref);
    return !(state instanceof ContainerState.Running);
  }

  @Override
  public boolean stop(String ref, @Nullable String signal, @Nullable Integer timeoutSeconds) {
    find(ref);
    asked.add("stop " + signal + " " + timeoutSeconds);
    return true;
  }

  @Override
  public void restart(String ref, @Nullable String signal, @Nullable Integer timeoutSeconds) {
    find(ref);
  }

  @Override
  public void kill(String ref, String signal) {
    find(ref);
    asked.add("kill " + signal);
  }

  @Override
  public void connect(String ref, String network, NetworkingConfig.EndpointConfig asked) {
    throw new Fault.NotFound("network " + network + " not found");
  }

  @Override
  public void disconnect(String ref, String network) {
    throw new Fault.NotFound("network " + network + " not found");
  }

  @Override
  public void pause(String ref) {
    find(ref);
  }

  @Override
  public void unpause(String ref) {
    find(ref);
  }

  @Override
  public void rename(String ref, String newName) {
    find(ref);
    asked.add("rename " + newName);
  }

  @Override
  public void unlink(String ref, String alias) {
    find(ref);
    asked.add("unlink " + alias);
  }

  @Override
  public void remove(String ref, boolean force, boolean volumes) {
    find(ref);
    asked.add("remove " + force + " " + volumes);
  }

  @Override
  public Pruned prune(Filters filters) {
    return new Pruned(List.of(), 0);
  }

  @Override
  public ContainerDetails inspect(String ref, boolean size) {
    return find(ref);
  }

  @Override
  public List<ContainerDetails> list(boolean all, int limit, boolean size, Filters filters) {
    asked.add("list " + all + " " + limit + " " + filters.values());
    return List.of(find("argo"));
  }

  @Override
  public PendingExit awaitExit(String ref, WaitCondition condition) {
    find(ref);
    return () -> {
      try {
        return exit.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } finally {
        waitEnded.countDown();
      }
    };
  }

  @Override
  public Attachment attach(String ref) {
    find(ref);
    FakeProcess attached = process;
    if (attached == null) {
      throw new Fault.Conflict("the fake has no process");
    }
    return attached;
  }

  @Override
  public LogReader logs(String ref, LogQuery wanted) {
    find(ref);
    query = wanted;
    Queue<LogLine> lines = new ArrayDeque<>(log);
    CountDownLatch closed = new CountDownLatch(1);
    return new LogReader() {
      @Override
      public @Nullable LogLine next() throws IOException {
        if (lines.isEmpty() && wanted.follow()) {
          try {
            closed.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        }
        return lines.poll();
      }

      @Override
      public void close() {
        closed.countDown();
        waitEnded.countDown();
      }
    };
  }

  @Override
  public void changePorts(
      String ref,
      Map<String, List<HostConfig.PortBinding>> add,
      Map<String, List<HostConfig.PortBinding>> remove) {}

  @Override
  public Map<String, String> logAttributes(String ref) {
    return Map.of();
  }

  @Override
  public Top top(String ref, String psArguments) {
    find(ref);
    return new Top(List.of("PID", "CMD"), List.of(List.of("42", psArguments)));
  }

  @Override
  public ContainerUsage usage(String ref) {
    return new ContainerUsage(find(ref).id(), "argo", Instant.EPOCH, null);
  }

  @Override
  public List<String> update(
      String ref, HostConfig wanted, HostConfig.@Nullable RestartPolicy policy) {
    asked.add("update " + find(ref).name() + " " + wanted.memory() + " " + policy);
    return List.of();
  }

  @Override
  public List<Change> changes(String ref) {
    find(ref);
    return List.of(
        new Change(Change.Kind.MODIFIED, "/etc"), new Change(Change.Kind.DELETED, "/bin"));
  }

  @Override
  public void export(String ref, OutputStream tar) throws IOException {
    find(ref);
    IOException fails = failure;
    tar.write("cargo".getBytes(UTF_8));
    if (fails != null) {
      throw fails;
    }
  }

  @Override
  public void resize(String ref, int columns, int rows) {
    find(ref);
    asked.add("resize " + columns + "x" + rows);
  }

  @Override
  public PathStat statPath(String ref, String path) {
    find(ref);
    if (!path.equals("/etc")) {
      throw new Fault.NotFound("Could not find the file " + path + " in container " + ref);
    }
    return new PathStat("etc", 4096, (1L << 31) | 0755, "2026-11-22T08:00:00Z", "");
  }

  @Override
  public io.djong.engine.Containers.PathStat copyOut(String ref, String path, CopySink sink)
      throws IOException {
    PathStat stat = statPath(ref, path);
    sink.open(stat).write("cargo".getBytes(UTF_8));
    return stat;
  }

  @Override
  public void copyIn(
      String ref, String path, InputStream tar, boolean noOverwriteDirNonDir, boolean copyUidGid)
      throws IOException {
    find(ref);
    received = tar.readAllBytes();
  }
}
