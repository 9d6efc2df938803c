package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import java.io.IOException;

/// Merges the layers of an image above its base.
public final class SquashCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] IMAGE", "Make an image of the same tree with one layer above its base", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("tag", "t", "string", "Name of the new image")
        .value(
            "from",
            "",
            "string",
            "The base, whose layers stay (default: the largest that is here, or the lowest layer)");
  }

  @Override
  public int run(Call call) throws IOException {
    call.console()
        .out()
        .println(
            call.engine()
                .squash(
                    call.given().argument(0), call.given().text("from"), call.given().text("tag")));
    return 0;
  }
}
