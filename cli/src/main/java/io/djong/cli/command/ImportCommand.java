package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;
import java.io.InputStream;

/// Makes an image from a tar of a tree.
public final class ImportCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] file|- [REPOSITORY[:TAG]]",
        "Import the contents from a tarball to create a filesystem image",
        1,
        2);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("change", "c", "list", "Apply Dockerfile instruction to the created image")
        .value("message", "m", "string", "Set commit message for imported image")
        .value("platform", "", "string", "Set platform of the image");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    String file = given.argument(0).equals("-") ? null : given.argument(0);
    try (ProgressLine progress = new ProgressLine(call.console(), false);
        InputStream tar = progress.watch("Sending tree", call.console(), file)) {
      Imports.run(
          call,
          tar,
          ImageName.argument(given, 1),
          given.text("message"),
          given.all("change"),
          given.text("platform"),
          progress);
    }
    return 0;
  }
}
