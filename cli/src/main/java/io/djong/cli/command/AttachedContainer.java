package io.djong.cli.command;

import io.djong.api.EngineClient;
import io.djong.api.StreamOptions;
import io.djong.cli.Call;
import io.djong.cli.terminal.Signals;
import io.djong.cli.terminal.Terminal;
import io.djong.http.RawStream;
import java.io.IOException;
import java.util.List;

/// A container that this process stands in for: its streams are ours, signals to us are for it, and
/// so is the size of our terminal. For one use.
final class AttachedContainer {
  private final Call call;
  private final String id;
  private final boolean tty;
  private final StreamOptions options;

  AttachedContainer(Call call, String id, boolean tty, StreamOptions options) {
    this.call = call;
    this.id = id;
    this.tty = tty;
    this.options = options;
  }

  /// Attaches, then does what starts the container, then stays until its end.
  ///
  /// @param wait registered before the container can end
  /// @param start nothing if it runs already
  /// @return its exit code; 0 if the user detached
  int run(String wait, boolean proxySignals, Start start) throws IOException, InterruptedException {
    EngineClient engine = call.engine();
    boolean rawTerminal = tty && options.stdin() && call.console().inputIsTerminal();
    try (RawStream raw = engine.attach(id, options);
        EngineClient.Wait end = engine.wait(id, wait)) {
      start.start(engine);
      if (proxySignals && !rawTerminal) {
        proxySignals(engine);
      }
      try (Terminal terminal = rawTerminal ? Terminal.raw() : null) {
        if (terminal != null) {
          followSize(engine);
        }
        if (!new Streams(call.console(), raw, tty).copy(options.stdin())) {
          call.console().say("read escape sequence");
          return 0;
        }
      }
      return end.await();
    }
  }

  private void proxySignals(EngineClient engine) {
    for (String name : List.of("INT", "TERM", "HUP", "USR1", "USR2", "ALRM", "CONT")) {
      Signals.listen(
          name,
          signal -> {
            try {
              engine.kill(id, signal);
            } catch (IOException e) {
              call.console()
                  .say("SIG" + signal + " did not reach the container: " + e.getMessage());
            }
          });
    }
  }

  private void followSize(EngineClient engine) {
    resize(engine);
    Signals.listen("WINCH", _ -> resize(engine));
  }

  private void resize(EngineClient engine) {
    try {
      List<Integer> size = Terminal.size();
      engine.resize(id, size.get(0), size.get(1));
    } catch (IOException _) {
      // It may have ended already; a wrong size is no reason to end the session.
    }
  }

  /// What starts it.
  interface Start {
    void start(EngineClient engine) throws IOException;
  }
}
