package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.UsageException;
import io.djong.model.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Changes the limits and the restart policy of containers.
public final class UpdateCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER [CONTAINER...]",
        "Update configuration of one or more containers",
        1,
        -1);
  }

  @Override
  public void declare(Flags flags) {
    LimitFlags.declare(flags);
    RestartFlag.declare(flags);
    flags
        .value("publish-add", "", "list", "Publish one more port (djong's own)")
        .value("publish-rm", "", "list", "Publish a port no more (djong's own)");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Map<String, Object> body = LimitFlags.of(call.given());
    RestartFlag.put(call.given(), body);
    Map<String, Object> add =
        PublishedPorts.of(call.given().all("publish-add"), List.of()).bindings();
    Map<String, Object> remove =
        PublishedPorts.of(call.given().all("publish-rm"), List.of()).bindings();
    boolean ports = !add.isEmpty() || !remove.isEmpty();
    if (body.isEmpty() && !ports) {
      throw new UsageException("you must provide one or more flags when using this command");
    }
    byte[] json = Json.full().write(body);
    return call.forEach(
        call.given().arguments(),
        ref -> {
          if (ports) {
            byte[] change = Json.full().write(Map.of("Add", add, "Remove", remove));
            call.engine().changePorts(ref, change);
          }
          List<String> warnings =
              body.isEmpty() ? null : call.engine().update(ref, json).warnings();
          for (String warning : warnings == null ? List.<String>of() : warnings) {
            call.console().say("WARNING: " + warning);
          }
          call.console().print(ref);
        });
  }
}
