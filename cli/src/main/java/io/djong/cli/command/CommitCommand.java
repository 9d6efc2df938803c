package io.djong.cli.command;

import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;

/// Makes an image from a container.
public final class CommitCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
        "Create a new image from a container's changes",
        1,
        2);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("author", "a", "string", "Author (e.g., \"Jane Doe <jane@example.com>\")")
        .value("message", "m", "string", "Commit message")
        .value("change", "c", "list", "Apply Dockerfile instruction to the created image")
        .toggle("pause", "p", "Pause container during commit (default true)");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    ImageName name = ImageName.argument(given, 1);
    boolean pause = !given.has("pause") || given.is("pause");
    call.console()
        .print(
            call.engine()
                .commit(
                    given.argument(0),
                    name.repository(),
                    name.tag(),
                    given.text("message"),
                    given.text("author"),
                    pause,
                    given.all("change")));
    return 0;
  }
}
