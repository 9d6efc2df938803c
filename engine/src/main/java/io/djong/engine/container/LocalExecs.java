package io.djong.engine.container;

import io.djong.engine.ContainerDetails.Health.Probe;
import io.djong.engine.Execs;
import io.djong.engine.container.Accounts.Identity;
import io.djong.linux.IdMapping;
import io.djong.linux.Root;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.Signals;
import io.djong.model.json.Json;
import io.djong.model.record.ContainerRecord;
import io.djong.model.spec.ProcessSpec;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.ExecProcess;
import io.djong.runtime.ExitStatus;
import io.djong.runtime.Stdio;
import io.djong.runtime.Stdio.LogLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Processes started in running containers. They are known as long as their container runs, in
/// memory.
final class LocalExecs implements Execs {
  private static final System.Logger LOG = System.getLogger(LocalExecs.class.getName());

  /// How long one can still ask how an exec ended.
  private static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private static final Duration REST = Duration.ofSeconds(1);

  private final ContainerParts parts;
  private final RuntimeSpecs specs;
  private final Map<String, Exec> execs = new ConcurrentHashMap<>();

  LocalExecs(ContainerParts parts, RuntimeSpecs specs) {
    this.parts = parts;
    this.specs = specs;
  }

  /// One exec; its state changes under its own monitor.
  private static final class Exec {
    private final String id;
    private final Container container;
    private final ExecConfig config;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private boolean started;
    private boolean running;
    private @Nullable Integer exitCode;
    private long endedAt;
    private @Nullable ExecProcess process;

    Exec(String id, Container container, ExecConfig config) {
      this.id = id;
      this.container = container;
      this.config = config;
    }

    synchronized boolean begin() {
      boolean first = !started;
      started = true;
      running = true;
      return first;
    }

    synchronized void runs(ExecProcess made) {
      process = made;
    }

    synchronized void ended(int code) {
      running = false;
      exitCode = code;
      endedAt = System.nanoTime();
      end.complete(code);
    }

    synchronized boolean endedBefore(Duration age) {
      return exitCode != null && System.nanoTime() - endedAt > age.toNanos();
    }

    synchronized ExecDetails details() {
      return new ExecDetails(
          id, container.id(), config, running, exitCode, process == null ? 0 : process.pid());
    }

    synchronized @Nullable ExecProcess process() {
      return process;
    }
  }

  @Override
  public String create(String containerRef, ExecConfig config) throws IOException {
    return make(parts.register().find(containerRef), config).id;
  }

  private Exec make(Container container, ExecConfig config) throws IOException {
    checkRuns(container);
    if (config.cmd().isEmpty()) {
      throw new Fault.Invalid("No exec command specified");
    }
    // Who is not known is refused here: once a stream is open, clients do not read a refusal.
    Identity identity = identity(container, config);
    owner(container, identity);
    String id = ContainerId.random().hex();
    execs.values().removeIf(exec -> exec.container.isGone() || exec.endedBefore(FORGOTTEN));
    Exec exec = new Exec(id, container, config);
    execs.put(id, exec);
    container.execs().add(id);
    parts
        .events()
        .tell(container, "exec_create: " + String.join(" ", config.cmd()), Map.of("execID", id));
    return exec;
  }

  /// Runs a command in a container to its end, or for so long; what it writes is kept up to
  /// Docker's bound.
  Probe probe(Container container, List<String> command, Duration timeout)
      throws InterruptedException {
    Instant start = parts.events().clock().instant();
    ProbeOutput output = new ProbeOutput();
    ExecConfig config =
        new ExecConfig(command, List.of(), null, null, false, false, true, true, false, null);
    try {
      Exec exec = make(container, config);
      try {
        return probe(exec, output, timeout, start);
      } finally {
        execs.remove(exec.id);
        container.execs().remove(exec.id);
      }
    } catch (IOException | Fault e) {
      return ended(start, -1, String.valueOf(e.getMessage()));
    }
  }

  private Probe probe(Exec exec, ProbeOutput output, Duration timeout, Instant start)
      throws IOException, InterruptedException {
    exec.begin();
    ExecProcess process = launch(exec, false, false, 0, 0, () -> {});
    try (Attachment streams = process.attach()) {
      Thread reader = Thread.ofVirtual().name("probe " + exec.id).start(() -> output.of(streams));
      int code = exec.end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      // What it left running may keep its streams open.
      reader.join(REST);
      return ended(start, code, output.text());
    } catch (TimeoutException e) {
      process.signal(Signals.KILL);
      String said = output.text();
      String text = "Health check exceeded timeout (" + GoDuration.of(timeout) + ")";
      return ended(start, -1, said.isEmpty() ? text : text + ": " + said);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exit is never exceptional", e);
    }
  }

  private Probe ended(Instant start, int code, String output) {
    return new Probe(start, parts.events().clock().instant(), code, output);
  }

  private static ContainerProcess checkRuns(Container container) {
    ContainerProcess process = container.process();
    if (container.isRestarting()) {
      throw new Fault.Conflict(
          "Container " + container.id() + " is restarting, wait until the container is running");
    }
    if (!container.isRunning() || process == null) {
      throw new Fault.Conflict("container " + container.id() + " is not running");
    }
    if (container.life().paused()) {
      throw new Fault.Conflict(
          "Container " + container.id() + " is paused, unpause the container before exec");
    }
    return process;
  }

  private Exec find(String id) {
    Exec exec = execs.get(id);
    if (exec == null) {
      throw new Fault.NotFound("No such exec instance: " + id);
    }
    return exec;
  }

  @Override
  public @Nullable Attachment start(
      String id, boolean detach, @Nullable Boolean tty, int columns, int rows, Begun begun)
      throws IOException {
    Exec exec = find(id);
    checkRuns(exec.container);
    if (!exec.begin()) {
      throw new Fault.Conflict("exec " + id + " has already run");
    }
    boolean terminal = tty == null ? exec.config.tty() : tty || exec.config.tty();
    try {
      ExecProcess made = launch(exec, detach, terminal, columns, rows, begun);
      return detach ? null : new AttachmentToEnd(made.attach(), exec.end);
    } catch (Fault e) {
      return failed(exec, e, detach);
    }
  }

  /// @throws Fault the runtime's refusal, in its words
  private ExecProcess launch(
      Exec exec, boolean detach, boolean terminal, int columns, int rows, Begun begun)
      throws IOException {
    ContainerProcess process = checkRuns(exec.container);
    ExecProcess made;
    try {
      Identity identity = identity(exec.container, exec.config);
      byte[] spec = spec(exec, identity, terminal, columns, rows);
      begun.accept();
      made = process.exec(exec.id, spec, streams(exec, identity, terminal), !detach);
    } catch (IOException e) {
      exec.ended(126);
      throw e;
    }
    exec.runs(made);
    parts
        .events()
        .tell(
            exec.container,
            "exec_start: " + String.join(" ", exec.config.cmd()),
            Map.of("execID", exec.id));
    Thread.ofVirtual()
        .name("end of exec " + exec.id.substring(0, 12))
        .start(() -> watch(exec, made));
    return made;
  }

  private @Nullable Attachment failed(Exec exec, Fault refusal, boolean detach) {
    StartFailures failure = StartFailures.of(refusal);
    exec.ended(failure.code() == 127 ? 127 : 126);
    exec.container.execs().remove(exec.id);
    if (detach || !(refusal instanceof Fault.Failed)) {
      throw failure.fault();
    }
    // Clients have switched to the raw stream by now: what they can be told, they are told there.
    String message = failure.fault().getMessage() + "\r\n";
    return new SpokenFailure(message.getBytes(StandardCharsets.UTF_8));
  }

  private void watch(Exec exec, ExecProcess process) {
    try {
      ExitStatus status = process.await();
      exec.ended(status.code());
      exec.container.execs().remove(exec.id);
      parts
          .events()
          .tell(
              exec.container,
              "exec_die",
              Map.of("execID", exec.id, "exitCode", String.valueOf(status.code())));
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "exec " + exec.id + " is not watched any more");
      Thread.currentThread().interrupt();
    }
  }

  private static Stdio streams(Exec exec, Identity identity, boolean terminal) {
    return new Stdio(
            terminal, exec.config.attachStdin(), true, Path.of("/dev/null"), LogLimits.NONE)
        .ownedBy(owner(exec.container, identity));
  }

  private static Stdio.@Nullable Owner owner(Container of, Identity identity) {
    IdMapping mapping = UserNamespaces.mapping(of.record());
    return mapping == null ? null : Streams.owner(identity, mapping);
  }

  private Identity identity(Container of, ExecConfig config) throws IOException {
    ContainerRecord container = of.record();
    String asked = config.user();
    String user = asked == null || asked.isEmpty() ? container.config().user() : asked;
    List<String> groups = container.host().groupAdd();
    // The tree as the runtime made it: what the container mounted over it does not change who is
    // who.
    try (Root root = parts.trees().open(of.id())) {
      return new Preflight(root).accounts().resolve(user, groups == null ? List.of() : groups);
    }
  }

  private byte[] spec(Exec exec, Identity identity, boolean terminal, int columns, int rows) {
    ContainerRecord container = exec.container.record();
    ExecConfig config = exec.config;
    String workingDir = config.workingDir();
    String cwd =
        workingDir == null || workingDir.isEmpty()
            ? RuntimeSpecs.cwd(container.config())
            : workingDir;
    checkWorkingDirectory(cwd);
    List<String> env =
        Environment.of(
            container.config().hostname(),
            terminal,
            Environment.overlaid(container.config().env(), config.env()),
            identity.home());
    ProcessSpec spec =
        specs.exec(container, identity, config.cmd(), env, cwd, terminal, config.privileged());
    return Json.lean()
        .write(columns > 0 && rows > 0 && terminal ? sized(spec, columns, rows) : spec);
  }

  /// A descriptor of the runtime's own must not become the working directory.
  private static void checkWorkingDirectory(String cwd) {
    if (!cwd.startsWith("/")) {
      throw new Fault.Invalid("Cwd must be an absolute path");
    }
    Path path = Path.of(cwd).normalize();
    if (path.startsWith("/proc") && path.toString().contains("/fd")) {
      throw new Fault.Invalid("the working directory " + cwd + " cannot be used: it lies in /proc");
    }
  }

  private static ProcessSpec sized(ProcessSpec spec, int columns, int rows) {
    return new ProcessSpec(
        spec.terminal(),
        new ProcessSpec.ConsoleSize(rows, columns),
        spec.user(),
        spec.args(),
        spec.env(),
        spec.cwd(),
        spec.capabilities(),
        spec.rlimits(),
        spec.noNewPrivileges(),
        spec.oomScoreAdj());
  }

  @Override
  public void resize(String id, int columns, int rows) throws IOException {
    ExecProcess process = find(id).process();
    if (process == null) {
      throw new Fault.Conflict("exec " + id + " is not running");
    }
    process.resize(columns, rows);
  }

  @Override
  public ExecDetails inspect(String id) {
    return find(id).details();
  }
}
