package io.djong.build.local;

import io.djong.build.BuildListener;
import io.djong.build.BuildListener.Event;
import io.djong.build.Builder.StepReport;
import io.djong.build.graph.Definition;
import io.djong.build.graph.Step;
import io.djong.build.plan.BuildPlan;
import io.djong.build.plan.BuildPlan.Line;
import io.djong.build.solve.Solved;
import io.djong.build.solve.StepObserver;
import io.djong.model.Digest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tells what becomes of steps in the words of the file: by instructions. Safe for use by several
/// threads.
final class Reports implements StepObserver {
  private final BuildListener listener;
  private final InstantSource clock;
  private final BuildPlan plan;

  /// The lines whose own work a step is.
  private final Map<Digest, List<Line>> lines = new HashMap<>();

  /// Guards all below.
  private final Object lock = new Object();

  private final Map<Digest, Instant> began = new HashMap<>();
  private final Map<Integer, StepReport> reports = new HashMap<>();
  private final Set<Integer> done = new HashSet<>();

  Reports(BuildPlan plan, BuildListener listener, InstantSource clock) {
    this.plan = plan;
    this.listener = listener;
    this.clock = clock;
    listener.on(new Event.Planned(plan.lines().stream().map(Line::text).toList()));
    for (Line line : plan.lines()) {
      Step before = line.before();
      if (before == null || !line.after().equals(before)) {
        lines.computeIfAbsent(line.after().digest(), _ -> new ArrayList<>()).add(line);
      }
    }
  }

  private List<Line> of(Step step) {
    return lines.getOrDefault(step.digest(), List.of());
  }

  @Override
  public void started(Step step, @Nullable String container) {
    synchronized (lock) {
      began.put(step.digest(), clock.instant());
    }
    of(step).forEach(line -> listener.on(new Event.Started(line.number(), container)));
  }

  @Override
  public void output(Step step, boolean stderr, byte[] bytes) {
    of(step).forEach(line -> listener.on(new Event.Output(line.number(), stderr, bytes)));
  }

  @Override
  public void done(Step step, Solved result, @Nullable String container) {
    of(step).forEach(line -> done(line, result, container));
  }

  private void done(Line line, Solved result, @Nullable String container) {
    Instant now = clock.instant();
    synchronized (lock) {
      if (!done.add(line.number())) {
        return;
      }
      Instant start = began.getOrDefault(line.after().digest(), now);
      reports.put(
          line.number(),
          new StepReport(line.number(), line.text(), result.cached(), result.why(), start, now));
    }
    listener.on(new Event.Done(line.number(), state(line, result), result.cached(), container));
  }

  /// A name for what the image is like after a line: nothing has it, but equal ones are equal.
  private static Digest state(Line line, Solved result) {
    return new Definition("state/1")
        .add(result.diffIds().stream().map(Digest::toString).toList())
        .add(line.text())
        .digest();
  }

  @Override
  public void failed(Step step, int exitCode) {
    of(step).forEach(line -> listener.on(new Event.Failed(line.number(), exitCode)));
  }

  /// Tells of the lines that needed no work of their own.
  void finish(Function<Step, @Nullable Solved> known) {
    for (Line line : plan.lines()) {
      Solved result = known.apply(line.after());
      done(
          line,
          result == null
              ? new Solved(List.of(), List.of(), true, "what stands on it was built before")
              : new Solved(result.diffIds(), List.of(), result.cached(), "it changes no files"),
          null);
    }
  }

  /// In the order of the file.
  List<StepReport> steps() {
    synchronized (lock) {
      return plan.lines().stream()
          .flatMap(line -> java.util.stream.Stream.ofNullable(reports.get(line.number())))
          .toList();
    }
  }
}
