package io.djong.cli.command;

import io.djong.api.JsonLines;
import io.djong.api.RegistryLogins;
import io.djong.api.StreamMessage;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.model.Fault;
import io.djong.model.Reference;
import java.io.IOException;

/// Sends an image to the registry that its name tells.
public final class PushCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] NAME[:TAG]", "Upload an image to a registry", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("all-tags", "a", "Push all tags of an image to the repository")
        .toggle("quiet", "q", "Suppress verbose output");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    if (!(Reference.parse(given.argument(0)) instanceof Reference.Tag name)) {
      throw new Fault.Invalid("cannot push a digest reference");
    }
    String repository = name.repository().familiar();
    String auth = RegistryLogins.ofUser().header(name.repository().host());
    try (ProgressLine progress = new ProgressLine(call.console(), given.is("quiet"));
        JsonLines<StreamMessage> answers =
            call.engine().push(repository, given.is("all-tags") ? null : name.tag(), auth)) {
      progress.show(answers);
    }
    return 0;
  }
}
