package io.djong.cli.command;

import io.djong.api.ContainerUpdated;
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
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Map<String, Object> body = LimitFlags.of(call.given());
    RestartFlag.put(call.given(), body);
    if (body.isEmpty()) {
      throw new UsageException("you must provide one or more flags when using this command");
    }
    byte[] json = Json.full().write(body);
    return call.forEach(
        call.given().arguments(),
        ref -> {
          ContainerUpdated updated = call.engine().update(ref, json);
          List<String> warnings = updated.warnings();
          for (String warning : warnings == null ? List.<String>of() : warnings) {
            call.console().say("WARNING: " + warning);
          }
          call.console().print(ref);
        });
  }
}
