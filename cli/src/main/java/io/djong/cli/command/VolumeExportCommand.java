package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.http.HttpClient.Exchange;
import java.io.IOException;

/// Writes a volume's files to an archive.
public final class VolumeExportCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] VOLUME", "Export a volume's files as a tar archive", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags.value("output", "o", "string", "Write to a file, instead of STDOUT");
  }

  @Override
  public int run(Call call) throws IOException {
    try (Exchange files = call.engine().exportVolume(call.given().argument(0))) {
      return Archives.write(call, files.body());
    }
  }
}
