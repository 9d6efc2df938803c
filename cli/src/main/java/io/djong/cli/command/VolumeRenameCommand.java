package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Gives a volume that no container has another name.
public final class VolumeRenameCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("VOLUME NEW_NAME", "Rename a volume", 2, 2);
  }

  @Override
  public int run(Call call) throws IOException {
    call.engine().renameVolume(call.given().argument(0), call.given().argument(1));
    return 0;
  }
}
