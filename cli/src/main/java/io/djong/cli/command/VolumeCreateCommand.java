package io.djong.cli.command;

import io.djong.api.VolumeCreate;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;

/// Makes a volume.
public final class VolumeCreateCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] [VOLUME]", "Create a volume", 0, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("driver", "d", "string", "Specify volume driver name (default local)")
        .value("label", "", "list", "Set metadata for a volume")
        .value("opt", "o", "map", "Set driver specific options");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    VolumeCreate volume =
        new VolumeCreate(
            given.arguments().isEmpty() ? "" : given.argument(0),
            given.text("driver", "local"),
            Pairs.map(given.all("opt")),
            Pairs.map(given.all("label")),
            null);
    call.console().print(call.engine().createVolume(volume).name());
    return 0;
  }
}
