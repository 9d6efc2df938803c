package io.djong.daemon.route;

import io.djong.api.ExecCreate;
import io.djong.api.ExecInspect;
import io.djong.api.ExecStart;
import io.djong.api.IdAnswer;
import io.djong.engine.Execs;
import io.djong.engine.Execs.ExecConfig;
import io.djong.engine.Execs.ExecDetails;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Further processes in containers.
final class ExecRoutes {
  private final Execs execs;

  ExecRoutes(Execs execs) {
    this.execs = execs;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/containers/{id}/exec", this::create);
    table.add("POST", "/exec/{id}/start", this::start);
    table.add("POST", "/exec/{id}/resize", this::resize);
    table.add("GET", "/exec/{id}/json", this::inspect);
  }

  private static final byte[] NOTHING = {'{', '}'};

  private void create(Call call) throws IOException {
    byte[] body = call.json();
    ExecCreate wanted = Json.full().read(ExecCreate.class, body.length == 0 ? NOTHING : body);
    List<String> command = wanted.cmd();
    if (command == null || command.isEmpty()) {
      throw new Fault.Invalid("No exec command specified");
    }
    DetachKeys.parse(blankIsNull(wanted.detachKeys()));
    String id =
        execs.create(
            call.name("id"),
            new ExecConfig(
                command,
                wanted.env() == null ? List.of() : wanted.env(),
                blankIsNull(wanted.user()),
                blankIsNull(wanted.workingDir()),
                wanted.tty(),
                wanted.attachStdin(),
                wanted.attachStdout(),
                wanted.attachStderr(),
                wanted.privileged(),
                blankIsNull(wanted.detachKeys())));
    call.answer(201, new IdAnswer(id));
  }

  private static @Nullable String blankIsNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private void start(Call call) throws IOException, InterruptedException {
    String id = call.name("id");
    byte[] body = call.json();
    ExecStart wanted =
        body.length == 0
            ? new ExecStart(false, null, null)
            : Json.full().read(ExecStart.class, body);
    ExecDetails exec = execs.inspect(id);
    List<Integer> size = wanted.consoleSize();
    int rows = size != null && size.size() == 2 ? size.get(0) : 0;
    int columns = size != null && size.size() == 2 ? size.get(1) : 0;
    if (wanted.detach()) {
      execs.start(id, true, wanted.tty(), columns, rows, () -> {});
      call.empty(200);
      return;
    }
    try (LateHijack stream = new LateHijack(call, isRaw(wanted))) {
      try (Attachment process = execs.start(id, false, wanted.tty(), columns, rows, stream::take)) {
        converse(stream.take(), exec.config(), process);
      } catch (Fault.Invalid | Fault.Failed e) {
        // Clients read the runtime's refusal from the stream, and the exit code from the exec
        // afterwards.
        String words = Failures.text(e) + "\r\n";
        stream.take().write(Channel.STDOUT, words.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void converse(Hijack stream, ExecConfig config, @Nullable Attachment process)
      throws IOException {
    if (process != null) {
      DetachKeys detach = config.tty() ? DetachKeys.parse(config.detachKeys()) : null;
      stream.converse(
          process, config.attachStdin(), config.attachStdout(), config.attachStderr(), detach);
    }
  }

  /// Whether there are frames is said at the start, whatever the process itself was given:
  /// docker-py starts execs with a terminal and reads frames.
  private static boolean isRaw(ExecStart wanted) {
    return Boolean.TRUE.equals(wanted.tty());
  }

  private void resize(Call call) throws IOException {
    int rows = LifeRoutes.size(call, "h", "height");
    execs.resize(call.name("id"), LifeRoutes.size(call, "w", "width"), rows);
    call.empty(200);
  }

  private void inspect(Call call) throws IOException {
    ExecDetails exec = execs.inspect(call.name("id"));
    ExecConfig config = exec.config();
    String keys = config.detachKeys();
    call.answer(
        new ExecInspect(
            exec.id(),
            exec.running(),
            exec.exitCode(),
            new ExecInspect.Command(
                config.tty(),
                config.cmd().getFirst(),
                config.cmd().subList(1, config.cmd().size()),
                config.privileged(),
                config.user()),
            config.attachStdin(),
            config.attachStderr(),
            config.attachStdout(),
            !exec.running() && exec.exitCode() != null,
            exec.container().hex(),
            keys == null ? "" : keys,
            exec.pid()));
  }
}
