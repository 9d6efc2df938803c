package io.djong.cli.command;

import io.djong.api.ContainerTop;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.format.Table;
import java.io.IOException;
import java.util.List;

/// Shows a container's processes.
public final class TopCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "CONTAINER [ps OPTIONS]", "Display the running processes of a container", 1, -1);
  }

  @Override
  public boolean endsFlagsAtFirstArgument() {
    return true;
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    List<String> options = call.given().argumentsFrom(1);
    ContainerTop top =
        call.engine()
            .top(call.given().argument(0), options.isEmpty() ? null : String.join(" ", options));
    Table table = new Table();
    table.addLine(String.join("\t", top.titles()));
    for (List<String> process : top.processes()) {
      table.addLine(String.join("\t", process));
    }
    call.console().out().print(table);
    return 0;
  }
}
