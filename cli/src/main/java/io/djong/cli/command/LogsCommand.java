package io.djong.cli.command;

import io.djong.api.FrameReader;
import io.djong.api.LogOptions;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.http.HttpClient.Exchange;
import java.io.IOException;

/// Shows what a container wrote.
public final class LogsCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] CONTAINER", "Fetch the logs of a container", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("details", "", "Show extra details provided to logs")
        .toggle("follow", "f", "Follow log output")
        .value(
            "since",
            "",
            "string",
            "Show logs since timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\")")
        .value(
            "tail", "n", "string", "Number of lines to show from the end of the logs (default all)")
        .toggle("timestamps", "t", "Show timestamps")
        .value("until", "", "string", "Show logs before a timestamp or relative (e.g. \"42m\")");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    String ref = given.argument(0);
    boolean tty = call.engine().container(ref, false).config().tty();
    LogOptions options =
        new LogOptions(
            true,
            true,
            given.is("follow"),
            given.is("timestamps"),
            Moment.toApi("since", given.text("since")),
            Moment.toApi("until", given.text("until")),
            given.text("tail"));
    try (Exchange log = call.engine().logs(ref, options)) {
      if (tty) {
        log.body().transferTo(call.console().unbuffered());
      } else {
        new FrameReader(log.body()).copy(call.console().unbuffered(), call.console().err());
      }
    }
    return 0;
  }
}
