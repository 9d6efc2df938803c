package io.djong.cli.command;

import io.djong.api.ContainerInspect;
import io.djong.api.StreamOptions;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;

/// Joins a running container.
public final class AttachCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER",
        "Attach local standard input, output, and error streams to a running container",
        1,
        1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("detach-keys", "", "string", "Override the key sequence for detaching a container")
        .toggle("no-stdin", "", "Do not attach STDIN")
        .toggle("sig-proxy", "", "Proxy all received signals to the process (default true)");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    ContainerInspect container = call.engine().container(given.argument(0), false);
    String refusal =
        !container.state().running()
            ? "cannot attach to a stopped container, start it first"
            : container.state().paused()
                ? "cannot attach to a paused container, unpause it first"
                : container.state().restarting()
                    ? "cannot attach to a restarting container, wait until it is running"
                    : null;
    if (refusal != null) {
      call.console().say(refusal);
      return 1;
    }
    boolean stdin = !given.is("no-stdin") && container.config().openStdin();
    StreamOptions options =
        new StreamOptions(stdin, true, true, true, false, given.text("detach-keys"));
    return new AttachedContainer(call, container.id(), container.config().tty(), options)
        .run("not-running", !given.has("sig-proxy") || given.is("sig-proxy"), _ -> {});
  }
}
