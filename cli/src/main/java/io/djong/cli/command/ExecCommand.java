package io.djong.cli.command;

import io.djong.api.EngineClient;
import io.djong.api.ExecCreate;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.terminal.Signals;
import io.djong.cli.terminal.Terminal;
import io.djong.http.RawStream;
import java.io.IOException;
import java.util.List;

/// Runs one more command in a container.
public final class ExecCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER COMMAND [ARG...]", "Execute a command in a running container", 2, -1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("detach", "d", "Detached mode: run command in the background")
        .value("detach-keys", "", "string", "Override the key sequence for detaching a container")
        .value("env", "e", "list", "Set environment variables")
        .value("env-file", "", "list", "Read in a file of environment variables")
        .toggle("interactive", "i", "Keep STDIN open even if not attached")
        .toggle("privileged", "", "Give extended privileges to the command")
        .toggle("tty", "t", "Allocate a pseudo-TTY")
        .value("user", "u", "string", "Username or UID (format: <name|uid>[:<group|gid>])")
        .value("workdir", "w", "string", "Working directory inside the container");
  }

  @Override
  public boolean endsFlagsAtFirstArgument() {
    return true;
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    boolean tty = given.is("tty");
    boolean stdin = given.is("interactive");
    boolean attached = !given.is("detach");
    if (attached && tty && stdin && !call.console().inputIsTerminal()) {
      call.console().say("the input device is not a TTY");
      return 1;
    }
    boolean rawTerminal = attached && tty && stdin;
    List<Integer> size = rawTerminal ? Terminal.size() : null;
    EngineClient engine = call.engine();
    String id =
        engine.createExec(
            given.argument(0),
            new ExecCreate(
                given.text("user"),
                given.is("privileged"),
                tty,
                size,
                attached && stdin,
                attached,
                attached,
                given.text("detach-keys"),
                Environment.of(given),
                given.text("workdir"),
                given.argumentsFrom(1)));
    if (!attached) {
      engine.startExecDetached(id);
      return 0;
    }
    try (RawStream raw = engine.startExec(id, tty, size);
        Terminal _ = rawTerminal ? Terminal.raw() : null) {
      if (rawTerminal) {
        Signals.listen("WINCH", _ -> resize(engine, id));
      }
      if (!new Streams(call.console(), raw, tty).copy(stdin)) {
        call.console().say("read escape sequence");
        return 0;
      }
    }
    Integer code = engine.exec(id).exitCode();
    return code == null ? 0 : code;
  }

  private static void resize(EngineClient engine, String id) {
    try {
      List<Integer> size = Terminal.size();
      engine.resizeExec(id, size.get(0), size.get(1));
    } catch (IOException _) {
      // It may have ended already; a wrong size is no reason to end the session.
    }
  }
}
