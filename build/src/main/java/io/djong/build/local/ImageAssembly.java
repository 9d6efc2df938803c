package io.djong.build.local;

import io.djong.build.graph.Step;
import io.djong.build.plan.BuildPlan;
import io.djong.build.plan.HistoryLine;
import io.djong.build.solve.Solved;
import io.djong.model.ImageConfig;
import io.djong.model.ImageConfig.History;
import io.djong.model.ImageConfig.RootFs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes an image's config of a plan whose steps are solved. Entries that made no layer have the
/// time of the layer below them, so that what comes from the cache whole is the same image again.
/// Pure but for the clock.
final class ImageAssembly {
  private final BuildPlan plan;
  private final Function<Step, @Nullable Solved> known;
  private final @Nullable Instant epoch;
  private final InstantSource clock;

  ImageAssembly(
      BuildPlan plan,
      Function<Step, @Nullable Solved> known,
      @Nullable Instant epoch,
      InstantSource clock) {
    this.plan = plan;
    this.known = known;
    this.epoch = epoch;
    this.clock = clock;
  }

  ImageConfig config() {
    Solved tree = known.apply(plan.tree());
    if (tree == null) {
      throw new IllegalStateException("the target was not solved");
    }
    List<History> history = history(tree);
    String last = null;
    for (History entry : history) {
      last = entry.created() == null ? last : entry.created();
    }
    String created = epoch != null ? epoch.toString() : last;
    return new ImageConfig(
        created == null ? clock.instant().toString() : created,
        plan.author(),
        plan.platform().architecture(),
        plan.platform().variant(),
        plan.platform().os(),
        plan.platform().osVersion(),
        plan.config(),
        new RootFs("layers", tree.diffIds()),
        history);
  }

  private List<History> history(Solved tree) {
    List<History> all = new ArrayList<>();
    String time = epoch == null ? null : epoch.toString();
    int step = 0;
    for (HistoryLine line : plan.history()) {
      History entry = line.entry();
      if (entry.created() != null) {
        // A line of the image below.
        time = epoch == null ? entry.created() : time;
        all.add(entry);
        continue;
      }
      boolean empty = true;
      if (line.step() && step < tree.trail().size()) {
        Solved.Trace trace = tree.trail().get(step++);
        empty = !trace.layer();
        time = trace.created();
      }
      all.add(
          new History(
              time == null ? clock.instant().toString() : time,
              entry.author(),
              entry.createdBy(),
              entry.comment(),
              empty));
    }
    return all;
  }
}
