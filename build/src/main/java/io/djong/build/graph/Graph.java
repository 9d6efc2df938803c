package io.djong.build.graph;

import io.djong.model.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The steps of a build, made from the leaves upwards; what is equal is one. For one thread.
public final class Graph {
  private final Map<Digest, Step> steps = new HashMap<>();

  public Step step(Operation operation, List<Step> inputs) {
    Step made = new Step(operation, inputs);
    Step before = steps.putIfAbsent(made.digest(), made);
    return before == null ? made : before;
  }

  public Step step(Operation operation, Step... inputs) {
    return step(operation, List.of(inputs));
  }
}
