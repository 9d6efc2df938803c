package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.http.HttpClient.Exchange;
import java.io.IOException;

/// Shows what a build said.
public final class BuildLogsCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("BUILD", "Show what a build said", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    // There are none.
  }

  @Override
  public int run(Call call) throws IOException {
    try (Exchange log = call.engine().buildLog(call.given().argument(0))) {
      log.body().transferTo(call.console().out());
    }
    return 0;
  }
}
