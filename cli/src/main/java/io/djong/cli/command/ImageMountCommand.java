package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Mounts the tree of an image, read-only, and says where.
public final class ImageMountCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("IMAGE", "Mount an image read-only on the engine's machine", 1, 1);
  }

  @Override
  public int run(Call call) throws IOException {
    call.console().out().println(call.engine().mountImage(call.given().argument(0)));
    return 0;
  }
}
