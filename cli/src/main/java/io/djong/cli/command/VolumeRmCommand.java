package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import java.io.IOException;

/// Removes volumes.
public final class VolumeRmCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] VOLUME [VOLUME...]", "Remove one or more volumes", 1, -1);
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("force", "f", "Force the removal of one or more volumes");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    return call.forEach(
        call.given().arguments(),
        ref -> {
          call.engine().removeVolume(ref, call.given().is("force"));
          call.console().print(ref);
        });
  }
}
