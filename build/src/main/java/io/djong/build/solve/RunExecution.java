package io.djong.build.solve;

import io.djong.build.BuildRequest;
import io.djong.build.StepRunner.OutputListener;
import io.djong.build.StepRunner.StepCommand;
import io.djong.build.StepRunner.StepMount;
import io.djong.build.dockerfile.MountSpec;
import io.djong.build.graph.Operation;
import io.djong.build.graph.Operation.RunMount;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs the command of one RUN and makes a layer of what it changed. For one step.
final class RunExecution implements AutoCloseable {
  private static final int S_IFMT = 0170000;
  private static final int S_IFSOCK = 0140000;

  private final Workshop shop;
  private final BuildRequest request;
  private final Operation.Run run;
  private final @Nullable Instant latest;
  private final List<StepMount> mounts = new ArrayList<>();
  private final List<String> env;
  private boolean secretEnv;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  RunExecution(
      Workshop shop,
      BuildRequest request,
      Operation.Run run,
      @Nullable Instant latest,
      Map<String, String> proxies) {
    this.shop = shop;
    this.request = request;
    this.run = run;
    this.latest = latest;
    this.env = new ArrayList<>(run.env());
    proxies.forEach((name, value) -> env.add(name + "=" + value));
  }

  /// @param inputs the stacks of the step's inputs
  void open(List<List<Digest>> inputs) throws IOException, InterruptedException {
    MountSources sources = new MountSources(shop, opened);
    int number = 0;
    for (RunMount mount : run.mounts()) {
      List<Digest> input = mount.input() < 0 ? List.of() : inputs.get(mount.input());
      MountSpec spec = mount.spec();
      switch (spec.type()) {
        case BIND -> mounts.add(sources.bind(spec, input, run.workingDir()));
        case CACHE -> mounts.add(sources.cache(spec, input, run.workingDir()));
        case TMPFS -> mounts.add(MountSources.tmpfs(spec, run.workingDir()));
        case SECRET -> secret(sources, spec, number++);
        case SSH -> ssh(spec, number++);
      }
    }
  }

  private void secret(MountSources sources, MountSpec spec, int number) throws IOException {
    String target = spec.value("target");
    String id = spec.value("id", target == null ? "" : name(target));
    byte[] secret = request.secrets().get(id);
    if (secret == null) {
      if (spec.flag("required")) {
        throw new Fault.Invalid("secret " + id + ": not found");
      }
      return;
    }
    String variable = spec.value("env");
    if (variable != null) {
      secretEnv = true;
      env.add(variable + "=" + new String(secret, java.nio.charset.StandardCharsets.UTF_8));
      if (target == null) {
        return;
      }
    }
    mounts.add(
        sources.secret(
            spec,
            target == null ? "/run/secrets/" + id : target,
            secret,
            run.workingDir(),
            number));
  }

  private void ssh(MountSpec spec, int number) throws IOException {
    String id = spec.value("id", "default");
    String socket = request.ssh().get(id);
    if (socket == null) {
      if (spec.flag("required")) {
        throw new Fault.Invalid("unset ssh forward key " + id);
      }
      return;
    }
    if (!isSocket(Path.of(socket))) {
      throw new Fault.Invalid(
          "ssh " + id + ": " + socket + " is no socket on the engine's machine");
    }
    String target = spec.value("target", "/run/buildkit/ssh_agent." + number);
    mounts.add(new StepMount(Path.of(socket), target, true, List.of()));
    env.add("SSH_AUTH_SOCK=" + target);
  }

  private static boolean isSocket(Path path) throws IOException {
    try {
      return ((Integer) Files.getAttribute(path, "unix:mode") & S_IFMT) == S_IFSOCK;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// What a failed command leaves to say.
  static final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    CommandFailed(int code) {
      super("exit code " + code, null, false, false);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /// Runs it on top of a stack.
  ///
  /// @param id of what runs
  List<Digest> execute(
      List<Digest> below, ContainerId id, OutputListener output, LayerStore.Keeping keeping)
      throws IOException, InterruptedException, CommandFailed {
    Snapshotter snapshots = shop.layers().snapshots();
    Snapshot.Active tree =
        snapshots.prepare(id.hex(), LayerStore.chain(below), Snapshotter.Writes.VOLATILE);
    try {
      int code =
          shop.runner()
              .run(
                  new StepCommand(
                      id,
                      run.args(),
                      env,
                      run.user(),
                      run.workingDir(),
                      mounts,
                      run.network(),
                      run.insecure(),
                      secretEnv,
                      request.surroundings()),
                  output);
      if (code != 0) {
        throw new CommandFailed(code);
      }
      return shop.layers().add(below, out -> diff(snapshots, tree, out), keeping);
    } finally {
      snapshots.remove(tree);
    }
  }

  private void diff(Snapshotter snapshots, Snapshot.Active tree, OutputStream out)
      throws IOException {
    if (latest == null) {
      snapshots.diff(tree, out);
      return;
    }
    try (Pipes.Source tar = Pipes.of(pipe -> snapshots.diff(tree, pipe))) {
      Times.clamp(tar.stream(), out, latest);
    }
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (IOException e) {
        first = first == null ? e : first;
      } catch (Exception e) {
        first = first == null ? new IOException("taking a mount of a step away", e) : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
