package io.djong.cli.command;

import io.djong.api.ContainerInspect;
import io.djong.api.StreamOptions;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;

/// Starts containers that were created or have ended.
public final class StartCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER [CONTAINER...]", "Start one or more stopped containers", 1, -1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("attach", "a", "Attach STDOUT/STDERR and forward signals")
        .value("detach-keys", "", "string", "Override the key sequence for detaching a container")
        .toggle("interactive", "i", "Attach container's STDIN");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    if (!given.is("attach") && !given.is("interactive")) {
      return call.forEach(
          given.arguments(),
          ref -> {
            call.engine().start(ref, given.text("detach-keys"));
            call.console().print(ref);
          });
    }
    if (given.arguments().size() > 1) {
      call.console().say("you cannot start and attach multiple containers at once");
      return 1;
    }
    ContainerInspect container = call.engine().container(given.argument(0), false);
    boolean stdin = given.is("interactive") && container.config().openStdin();
    StreamOptions options =
        new StreamOptions(stdin, true, true, true, false, given.text("detach-keys"));
    String wait = container.hostConfig().autoRemove() ? "removed" : "next-exit";
    return new AttachedContainer(call, container.id(), container.config().tty(), options)
        .run(wait, true, engine -> engine.start(container.id(), given.text("detach-keys")));
  }
}
