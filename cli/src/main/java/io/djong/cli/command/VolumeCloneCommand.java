package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Makes a volume with the files, labels and options of another.
public final class VolumeCloneCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("VOLUME NEW_NAME", "Create a volume with the files of another", 2, 2);
  }

  @Override
  public int run(Call call) throws IOException {
    call.engine().cloneVolume(call.given().argument(0), call.given().argument(1));
    call.console().print(call.given().argument(1));
    return 0;
  }
}
