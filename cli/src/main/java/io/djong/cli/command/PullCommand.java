package io.djong.cli.command;

import io.djong.api.JsonLines;
import io.djong.api.RegistryLogins;
import io.djong.api.StreamMessage;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.model.Reference;
import java.io.IOException;

/// Brings an image from a registry.
public final class PullCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] NAME[:TAG|@DIGEST]", "Download an image from a registry", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("all-tags", "a", "Download all tagged images in the repository")
        .value("platform", "", "string", "Which image of a name for several platforms")
        .toggle("quiet", "q", "Suppress verbose output");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    Reference name = Reference.parse(given.argument(0));
    boolean all = given.is("all-tags");
    String tag =
        switch (name) {
          case Reference.Tag one -> one.tag();
          case Reference.Pin pin -> pin.digest().toString();
        };
    String repository = name.repository().familiar();
    String auth = RegistryLogins.ofUser().header(name.repository().host());
    try (ProgressLine progress = new ProgressLine(call.console(), given.is("quiet"));
        JsonLines<StreamMessage> answers =
            call.engine().pull(repository, all ? null : tag, given.text("platform"), auth)) {
      progress.show(answers);
    }
    call.console().print(all ? repository : name.familiar());
    return 0;
  }
}
