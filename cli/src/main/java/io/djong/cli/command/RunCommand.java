package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.StreamOptions;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.Errors;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.flag.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Makes a container, starts it and stays until its end; `create` makes it alone.
public final class RunCommand implements Command {
  static final int ENGINE_FAILED = 125;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] IMAGE [COMMAND] [ARG...]",
        "Create and run a new container from an image",
        1,
        -1);
  }

  @Override
  public void declare(Flags flags) {
    ContainerRequest.declare(flags);
    flags
        .toggle("detach", "d", "Run container in background and print container ID")
        .value("detach-keys", "", "string", "Override the key sequence for detaching a container")
        .toggle("sig-proxy", "", "Proxy received signals to the process (default true)");
  }

  @Override
  public boolean endsFlagsAtFirstArgument() {
    return true;
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    boolean detached = given.is("detach");
    if (detached && given.has("attach")) {
      throw new UsageException("conflicting options: cannot specify both --attach and --detach");
    }
    StreamOptions streams = streams(given, detached);
    if (streams.stdin() && given.is("tty") && !call.console().inputIsTerminal()) {
      call.console().say("the input device is not a TTY");
      return 1;
    }
    String id;
    try {
      id = NewContainer.create(call, streams);
    } catch (IOException e) {
      NewContainer.explain(call, e);
      return ENGINE_FAILED;
    }
    try {
      return detached ? background(call, id) : foreground(call, id, streams);
    } catch (ApiError e) {
      call.console().say("djong: " + Errors.text(e));
      return codeOf(e.getMessage());
    }
  }

  private static int background(Call call, String id) throws IOException {
    call.engine().start(id, call.given().text("detach-keys"));
    call.console().print(id);
    return 0;
  }

  private static int foreground(Call call, String id, StreamOptions streams)
      throws IOException, InterruptedException {
    Given given = call.given();
    boolean proxy = !given.has("sig-proxy") || given.is("sig-proxy");
    return new AttachedContainer(call, id, given.is("tty"), streams)
        .run(
            given.is("rm") ? "removed" : "next-exit",
            proxy,
            engine -> engine.start(id, given.text("detach-keys")));
  }

  /// Which streams to attach: those named, or both outputs, and the input if it is kept open.
  static StreamOptions streams(Given given, boolean detached) {
    boolean stdin = !detached && given.is("interactive");
    boolean stdout = !detached;
    boolean stderr = !detached;
    if (given.has("attach")) {
      List<String> named = new ArrayList<>();
      for (String name : given.all("attach")) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.equals("stdin") && !lower.equals("stdout") && !lower.equals("stderr")) {
          throw Given.invalid("attach", name, "valid streams are STDIN, STDOUT and STDERR");
        }
        named.add(lower);
      }
      stdin = named.contains("stdin");
      stdout = named.contains("stdout");
      stderr = named.contains("stderr");
    }
    return new StreamOptions(stdin, stdout, stderr, true, false, given.text("detach-keys"));
  }

  /// The exit code for a container that could not be started, by the runtime's words as Docker
  /// does.
  private static int codeOf(String message) {
    if (message.contains("executable file not found")
        || message.contains("no such file or directory")) {
      return NOT_FOUND;
    }
    if (message.contains("permission denied") || message.contains("is a directory")) {
      return NOT_EXECUTABLE;
    }
    return ENGINE_FAILED;
  }
}
