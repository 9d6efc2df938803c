package io.djong.daemon.route;

import io.djong.api.AnswerJson;
import io.djong.api.ContainerWait;
import io.djong.engine.Containers;
import io.djong.engine.Containers.PendingExit;
import io.djong.engine.Containers.WaitCondition;
import io.djong.model.Fault;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/// Containers as processes: started, stopped, waited for.
final class LifeRoutes {
  private final Containers containers;

  LifeRoutes(Containers containers) {
    this.containers = containers;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/containers/{id}/start", this::start);
    table.add("POST", "/containers/{id}/stop", this::stop);
    table.add("POST", "/containers/{id}/restart", this::restart);
    table.add("POST", "/containers/{id}/kill", this::kill);
    table.add("POST", "/containers/{id}/pause", this::pause);
    table.add("POST", "/containers/{id}/unpause", this::unpause);
    table.add("POST", "/containers/{id}/resize", this::resize);
    table.add("POST", "/containers/{id}/wait", this::await);
  }

  private void start(Call call) throws IOException, InterruptedException {
    if (call.query("checkpoint") != null) {
      throw new Fault.Unsupported("starting from a checkpoint is not there yet in djong");
    }
    call.empty(containers.start(call.name("id")) ? 204 : 304);
  }

  private void stop(Call call) throws IOException, InterruptedException {
    Integer timeout = call.number("t");
    call.empty(containers.stop(call.name("id"), call.query("signal"), timeout) ? 204 : 304);
  }

  private void restart(Call call) throws IOException, InterruptedException {
    containers.restart(call.name("id"), call.query("signal"), call.number("t"));
    call.empty(204);
  }

  private void kill(Call call) throws IOException, InterruptedException {
    String signal = call.query("signal");
    containers.kill(call.name("id"), signal == null ? "SIGKILL" : signal);
    call.empty(204);
  }

  private void pause(Call call) throws IOException {
    containers.pause(call.name("id"));
    call.empty(204);
  }

  private void unpause(Call call) throws IOException {
    containers.unpause(call.name("id"));
    call.empty(204);
  }

  private void resize(Call call) throws IOException {
    int rows = size(call, "h", "height");
    containers.resize(call.name("id"), size(call, "w", "width"), rows);
    call.empty(200);
  }

  /// A terminal's size in characters.
  static int size(Call call, String parameter, String word) {
    String text = call.query(parameter);
    try {
      int size = Integer.parseInt(text == null ? "" : text);
      if (size < 0 || size > 0xffff) {
        throw new NumberFormatException();
      }
      return size;
    } catch (NumberFormatException e) {
      throw new Fault.Invalid(
          "invalid resize " + word + " \"" + (text == null ? "" : text) + "\": invalid syntax", e);
    }
  }

  /// The headers go out as soon as the wait stands: clients start the container only then.
  private void await(Call call) throws IOException, InterruptedException {
    String text = call.query("condition");
    WaitCondition condition =
        switch (text == null ? "not-running" : text) {
          case "not-running" -> WaitCondition.NOT_RUNNING;
          case "next-exit" -> WaitCondition.NEXT_EXIT;
          case "removed" -> WaitCondition.REMOVED;
          default -> throw new Fault.Invalid("invalid condition: \"" + text + "\"");
        };
    PendingExit pending = containers.awaitExit(call.name("id"), condition);
    call.response().header("Content-Type", "application/json");
    AtomicBoolean answered = new AtomicBoolean();
    Thread waiting = Thread.currentThread();
    try (OutputStream out = call.response().stream()) {
      call.request()
          .onDisconnect(
              () -> {
                if (!answered.get()) {
                  waiting.interrupt();
                }
              });
      ExitStatus status = pending.await();
      answered.set(true);
      out.write(AnswerJson.write(new ContainerWait(null, status.code())));
      out.write('\n');
    }
  }
}
