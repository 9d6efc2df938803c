package io.djong.cli.command;

import io.djong.api.JsonLines;
import io.djong.api.StreamMessage;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;
import java.io.InputStream;

/// Reads images from an archive.
public final class LoadCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "Load an image from a tar archive or STDIN", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("input", "i", "string", "Read from tar archive file, instead of STDIN")
        .toggle("quiet", "q", "Suppress the load output");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    String file = given.text("input");
    if (file == null && call.console().inputIsTerminal()) {
      call.console()
          .say("requested load from stdin, but stdin is a terminal: use -i FILE or <FILE");
      return 1;
    }
    try (ProgressLine progress = new ProgressLine(call.console(), given.is("quiet"));
        InputStream archive = progress.watch("Sending archive", call.console(), file);
        JsonLines<StreamMessage> answers = call.engine().load(archive, given.is("quiet"))) {
      progress.show(answers);
    }
    return 0;
  }
}
