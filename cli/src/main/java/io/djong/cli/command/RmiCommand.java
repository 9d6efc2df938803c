package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.ImageRemoval;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.Errors;
import io.djong.cli.flag.Flags;
import java.io.IOException;

/// Removes names of images, and images that have none left.
public final class RmiCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] IMAGE [IMAGE...]", "Remove one or more images", 1, -1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("force", "f", "Force removal of the image")
        .toggle("no-prune", "", "Do not delete untagged parents");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    boolean force = call.given().is("force");
    return call.forEach(
        call.given().arguments(),
        ref -> {
          try {
            for (ImageRemoval removal :
                call.engine().removeImage(ref, force, call.given().is("no-prune"))) {
              call.console()
                  .print(
                      removal.deleted() != null
                          ? "Deleted: " + removal.deleted()
                          : "Untagged: " + removal.untagged());
            }
          } catch (ApiError e) {
            if (e.status() != 404 || !force) {
              throw e;
            }
            call.console().say(Errors.text(e)); // What was to be gone is gone: no failure.
          }
        });
  }
}
