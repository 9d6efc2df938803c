package io.djong.cli;

import io.djong.api.ApiError;
import io.djong.api.EngineClient;
import io.djong.http.HttpClient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Where the engine is, and whether the user said so.
///
/// @param address `unix:///PATH` or `tcp://HOST:PORT`
/// @param chosen by the user: then an engine that is not there is the user's business, not ours
record EngineAddress(String address, boolean chosen) {
  static final String DEFAULT = "unix:///run/djong.sock";

  /// The flag `--host`, else `DJONG_HOST`, else `DOCKER_HOST`, else the default.
  static EngineAddress of(@Nullable String flag) {
    String[] choices = {flag, System.getenv("DJONG_HOST"), System.getenv("DOCKER_HOST")};
    for (String choice : choices) {
      if (choice != null && !choice.isEmpty()) {
        return new EngineAddress(choice.startsWith("/") ? "unix://" + choice : choice, true);
      }
    }
    return new EngineAddress(DEFAULT, false);
  }

  /// Connects.
  ///
  /// @throws IOException if nobody answers
  EngineClient connect() throws IOException {
    EngineClient client = new EngineClient(HttpClient.of(address));
    try {
      client.ping();
    } catch (ApiError e) {
      // It is there. What ails it will show with the request itself.
    }
    return client;
  }

  /// Starts an engine where that is ours to do.
  ///
  /// @param why nobody answered
  /// @throws IOException with a sentence for the user if it is not, or it does not start
  EngineClient start(Console console, IOException why) throws IOException {
    if (!chosen && BackgroundDaemon.mayStart()) {
      EngineClient client = new EngineClient(HttpClient.of(address));
      BackgroundDaemon.start(client, console);
      return client;
    }
    throw new IOException(
        "Cannot connect to the djong daemon at "
            + address
            + ": "
            + why.getMessage()
            + (chosen
                ? ". Is it running? Start it with: djong daemon --host " + address
                : ". Is it running? Start it as root with: djong daemon"),
        why);
  }
}
