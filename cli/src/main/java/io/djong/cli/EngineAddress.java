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

  /// Connects; starts an engine first where that is ours to do.
  ///
  /// @throws IOException with a sentence for the user if there is none
  EngineClient open(Console console) throws IOException {
    EngineClient client = new EngineClient(HttpClient.of(address));
    try {
      client.ping();
      return client;
    } catch (ApiError e) {
      return client; // It is there. What ails it will show with the request itself.
    } catch (IOException e) {
      if (!chosen && BackgroundDaemon.mayStart()) {
        BackgroundDaemon.start(client, console);
        return client;
      }
      throw new IOException(
          "Cannot connect to the djong daemon at "
              + address
              + ": "
              + e.getMessage()
              + (chosen
                  ? ". Is it running? Start it with: djong daemon --host " + address
                  : ". Is it running? Start it as root with: djong daemon"),
          e);
    }
  }
}
