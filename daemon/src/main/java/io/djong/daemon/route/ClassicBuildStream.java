package io.djong.daemon.route;

import io.djong.api.BuildEvent;
import io.djong.api.BuildMessage;
import io.djong.api.BuildStep;
import io.djong.build.BuildListener;
import io.djong.build.Builder;
import io.djong.build.Builder.BuildResult;
import io.djong.build.Builder.StepReport;
import io.djong.http.HttpResponse;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tells of a build in the words of Docker's classic builder, one instruction after the other,
/// whatever the order in which they are done: what a later one says waits for its turn. Safe for
/// use by several threads.
final class ClassicBuildStream implements BuildListener {
  private static final int MOST_WAITING = 4 << 20;
  private static final byte[] RED = "\u001b[91m".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PLAIN = "\u001b[0m".getBytes(StandardCharsets.UTF_8);

  private final LazyStream out;
  private final boolean quiet;
  private final boolean raw;
  private final long began = System.nanoTime();
  private List<String> instructions = List.of();
  private final SortedMap<Integer, Waiting> waiting = new TreeMap<>();

  /// The instruction that is told of now.
  private int current;

  private int exitCode;
  private boolean broken;

  /// What an instruction that has not had its turn has to say.
  private static final class Waiting {
    private boolean begun;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<String> end = new ArrayList<>();
    private boolean done;
    private @Nullable String container;

    /// What a program complains of is red, as under Docker, which does not ask for a terminal.
    private void say(byte[] bytes, boolean stderr) {
      if (stderr) {
        said.writeBytes(RED);
        said.writeBytes(bytes);
        said.writeBytes(PLAIN);
      } else {
        said.writeBytes(bytes);
      }
    }
  }

  /// @param raw whether events are passed on as they come, in place of text
  ClassicBuildStream(HttpResponse response, boolean quiet, boolean raw) {
    this.out = new LazyStream(response, "application/json");
    this.quiet = quiet || raw;
    this.raw = raw;
  }

  @Override
  public synchronized void on(Event event) {
    if (raw) {
      send(BuildMessage.event(raw(event)));
    }
    switch (event) {
      case Event.Planned(List<String> all) -> {
        instructions = all;
        next();
      }
      case Event.Started(int number, String container) -> {
        Waiting state = of(number);
        state.container = container;
        tell(number);
      }
      case Event.Output(int number, boolean stderr, byte[] bytes) -> {
        Waiting state = of(number);
        if (state.said.size() + bytes.length <= MOST_WAITING) {
          state.say(bytes, stderr);
        }
        tell(number);
      }
      case Event.Done done -> {
        Waiting state = of(done.number());
        if (done.cached() && done.number() > 1) {
          state.end.add(" ---> Using cache\n");
        }
        if (done.container() != null) {
          state.end.add(" ---> Removed intermediate container " + done.container() + "\n");
        }
        state.end.add(" ---> " + done.state().abbreviated() + "\n");
        state.done = true;
        tell(done.number());
      }
      case Event.Failed(int _, int code) -> exitCode = code == 0 ? exitCode : code;
      case Event.Warning(String text) -> say(text + "\n");
    }
  }

  private BuildEvent raw(Event event) {
    long millis = (System.nanoTime() - began) / 1_000_000;
    return switch (event) {
      case Event.Planned(List<String> all) ->
          new BuildEvent("planned", 0, all, false, false, 0, millis);
      case Event.Started(int number, String _) ->
          new BuildEvent("started", number, null, false, false, 0, millis);
      case Event.Output(int number, boolean stderr, byte[] bytes) ->
          new BuildEvent(
              "output",
              number,
              List.of(new String(bytes, StandardCharsets.UTF_8)),
              false,
              stderr,
              0,
              millis);
      case Event.Done done ->
          new BuildEvent("done", done.number(), null, done.cached(), false, 0, millis);
      case Event.Failed(int number, int code) ->
          new BuildEvent("failed", number, null, false, false, code, millis);
      case Event.Warning(String text) ->
          new BuildEvent("warning", 0, List.of(text), false, false, 0, millis);
    };
  }

  private Waiting of(int number) {
    return waiting.computeIfAbsent(number, _ -> new Waiting());
  }

  private void next() {
    current++;
    if (current <= instructions.size()) {
      say(
          "Step "
              + current
              + "/"
              + instructions.size()
              + " : "
              + instructions.get(current - 1)
              + "\n");
      tell(current);
    }
  }

  private void tell(int number) {
    if (number != current) {
      return;
    }
    Waiting state = of(number);
    if (!state.begun && state.container != null) {
      say(" ---> Running in " + state.container + "\n");
      state.begun = true;
    }
    if (state.said.size() > 0) {
      say(state.said.toString(StandardCharsets.UTF_8));
      state.said.reset();
    }
    if (state.done) {
      state.end.forEach(this::say);
      waiting.remove(number);
      next();
    }
  }

  private void tell(String text) {
    send(BuildMessage.stream(text));
  }

  private void say(String text) {
    if (!quiet) {
      send(BuildMessage.stream(text));
    }
  }

  private void send(BuildMessage message) {
    if (broken) {
      return;
    }
    try {
      out.write(Json.lean().write(message));
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      // That nobody listens any more is told by the connection's own listener.
      broken = true;
    }
  }

  synchronized void succeeded(BuildResult result, List<Reference.Tag> names, boolean report) {
    if (report) {
      send(BuildMessage.steps(result.steps().stream().map(ClassicBuildStream::step).toList()));
    }
    send(BuildMessage.aux("ID", result.image().toString()));
    if (quiet) {
      if (!raw) {
        send(BuildMessage.stream(result.image() + "\n"));
      }
      return;
    }
    say("Successfully built " + result.image().abbreviated() + "\n");
    for (Reference.Tag name : names) {
      say("Successfully tagged " + name.familiar() + "\n");
    }
  }

  static BuildStep step(StepReport report) {
    return new BuildStep(
        report.number(),
        report.text(),
        report.cached(),
        report.why(),
        report.began().toString(),
        report.ended().toString());
  }

  /// What a look at the Dockerfile found; an error if that is anything.
  synchronized void checked(List<Builder.Finding> findings) {
    for (Builder.Finding finding : findings) {
      tell("WARNING: " + finding.rule() + " (line " + finding.line() + ")\n");
      tell(finding.message() + "\n" + finding.place() + "\n\n");
    }
    if (findings.isEmpty()) {
      tell("Check complete, no warnings found.\n");
    } else {
      String count = findings.size() == 1 ? "1 warning has" : findings.size() + " warnings have";
      send(BuildMessage.error("Check complete, " + count + " been found!", null));
    }
  }

  /// The last message: what went wrong. What the failed instruction said comes before it.
  synchronized void failed(String message) {
    for (Waiting state : waiting.values()) {
      if (state.said.size() > 0) {
        say(state.said.toString(StandardCharsets.UTF_8));
      }
    }
    send(BuildMessage.error(message, exitCode == 0 ? null : exitCode));
  }

  void end() throws IOException {
    if (!broken) {
      out.end();
    }
  }
}
