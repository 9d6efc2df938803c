package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Given;
import java.io.IOException;
import java.io.InputStream;

/// Fills an empty volume from an archive.
public final class VolumeImportCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("VOLUME file|-", "Fill an empty volume from a tar archive", 2, 2);
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    String file = given.argument(1).equals("-") ? null : given.argument(1);
    try (ProgressLine progress = new ProgressLine(call.console(), false);
        InputStream tar = progress.watch("Sending files", call.console(), file)) {
      call.engine().importVolume(given.argument(0), tar);
    }
    return 0;
  }
}
