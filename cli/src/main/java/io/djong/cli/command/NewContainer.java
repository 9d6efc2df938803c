package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.ContainerCreated;
import io.djong.api.StreamOptions;
import io.djong.api.Target;
import io.djong.cli.Call;
import io.djong.cli.Errors;
import io.djong.cli.flag.Given;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The step that `run` and `create` share.
final class NewContainer {
  private NewContainer() {}

  /// Makes the container that the flags ask for; tells the engine's warnings.
  ///
  /// @return its id
  static String create(Call call, StreamOptions streams) throws IOException {
    Given given = call.given();
    String idFile = given.text("cidfile");
    if (idFile != null && Files.exists(Path.of(idFile))) {
      throw new IOException(
          "container ID file found, make sure the other container isn't running or delete "
              + idFile);
    }
    Target target =
        Target.of("containers", "create")
            .with("name", given.text("name"))
            .with("platform", given.text("platform"));
    byte[] body = ContainerRequest.of(given, streams);
    ContainerCreated created;
    try (Exchange answer = call.engine().send("POST", target.toString(), body)) {
      created = Json.full().read(ContainerCreated.class, answer.body().readAllBytes());
    }
    List<String> warnings = created.warnings();
    if (warnings != null) {
      for (String warning : warnings) {
        call.console().say("WARNING: " + warning);
      }
    }
    if (idFile != null) {
      Files.writeString(Path.of(idFile), created.id());
    }
    return created.id();
  }

  /// Tells why there is no container, and what to do where that is known.
  static void explain(Call call, IOException error) {
    if (error instanceof ApiError refused) {
      call.console().say("djong: " + Errors.text(refused));
      if (refused.status() == 404 && refused.getMessage().startsWith("No such image")) {
        String image = call.given().argument(0);
        call.console()
            .say(
                "There is no image '"
                    + image
                    + "' here. 'djong images' lists what there is; 'djong load' and 'djong import' add"
                    + " images, and 'djong image bootstrap busybox' or 'debian' makes one from this"
                    + " machine's packages.");
      }
    } else {
      call.console().say("djong: " + error.getMessage());
    }
    call.console().say("\nRun 'djong run --help' for more information");
  }
}
