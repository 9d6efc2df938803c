package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.format.JsonText;
import io.djong.model.json.Json;
import java.io.IOException;

/// Shows what became of a build and of each of its steps, as JSON.
public final class BuildInspectCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("BUILD", "Show what became of a build and of its steps", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    // There are none.
  }

  @Override
  public int run(Call call) throws IOException {
    Object build = call.engine().pastBuild(call.given().argument(0));
    call.console().print(JsonText.indent(Json.full().writeText(build)));
    return 0;
  }
}
