package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Opens a toolbox in the namespaces of a container that has no shell of its own: its processes and
/// its network are those of the container, whose tree is at `/proc/1/root`.
public final class DebugCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER [COMMAND] [ARG...]",
        "Run a toolbox in the namespaces of a running container",
        1,
        -1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("image", "", "string", "Image with the tools (default busybox)")
        .toggle("privileged", "", "Give extended privileges to the toolbox");
  }

  @Override
  public boolean endsFlagsAtFirstArgument() {
    return true;
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    RunCommand run = new RunCommand();
    Flags flags = new Flags();
    run.declare(flags);
    Given given = flags.parse(words(call), run.endsFlagsAtFirstArgument());
    return run.run(call.with(given));
  }

  /// The toolbox as `run` is told of it.
  private static List<String> words(Call call) {
    Given given = call.given();
    String target = "container:" + given.argument(0);
    List<String> words = new ArrayList<>(List.of("--rm", "--interactive"));
    if (call.console().inputIsTerminal() && call.console().outputIsTerminal()) {
      words.add("--tty");
    }
    words.add("--pid=" + target);
    words.add("--network=" + target);
    // To look into /proc/1/root, and at what processes do.
    words.add("--cap-add=SYS_PTRACE");
    if (given.is("privileged")) {
      words.add("--privileged");
    }
    words.add(given.text("image", "busybox"));
    words.addAll(given.arguments().size() > 1 ? given.argumentsFrom(1) : List.of("sh"));
    return words;
  }
}
