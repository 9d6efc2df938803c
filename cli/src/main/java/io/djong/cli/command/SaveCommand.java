package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.http.HttpClient.Exchange;
import java.io.IOException;

/// Writes images to an archive.
public final class SaveCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] IMAGE [IMAGE...]",
        "Save one or more images to a tar archive (streamed to STDOUT by default)",
        1,
        -1);
  }

  @Override
  public void declare(Flags flags) {
    flags.value("output", "o", "string", "Write to a file, instead of STDOUT");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    try (Exchange archive = call.engine().save(call.given().arguments())) {
      return Archives.write(call, archive.body());
    }
  }
}
