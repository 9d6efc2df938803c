package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Takes away what `image mount` mounted.
public final class ImageUnmountCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("IMAGE [IMAGE...]", "Unmount images", 1, -1);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    return call.forEach(call.given().arguments(), image -> call.engine().unmountImage(image));
  }
}
