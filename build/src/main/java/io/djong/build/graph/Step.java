package io.djong.build.graph;

import io.djong.model.Digest;
import java.util.List;

/// A vertex of the graph: an operation and what it works on. Immutable; equal if the digests are
/// equal, which say all that was written about it and about what is below it.
public final class Step {
  private final Operation operation;
  private final List<Step> inputs;
  private final Digest digest;
  private final boolean pinned;

  Step(Operation operation, List<Step> inputs) {
    this.operation = operation;
    this.inputs = List.copyOf(inputs);
    Definition definition = new Definition("step/1");
    operation.define(definition);
    definition.add((long) inputs.size());
    for (Step input : inputs) {
      definition.add(input.digest);
    }
    this.digest = definition.digest();
    this.pinned =
        switch (operation) {
          case Operation.Context _, Operation.Git _ -> false;
          case Operation.Download download -> download.checksum() != null;
          case Operation.Image _,
              Operation.Inline _,
              Operation.MakeFolder _,
              Operation.Copy _,
              Operation.Run _ ->
              inputs.stream().allMatch(Step::pinned);
        };
  }

  public Operation operation() {
    return operation;
  }

  public List<Step> inputs() {
    return inputs;
  }

  public Digest digest() {
    return digest;
  }

  /// Whether what was written says all: nothing below comes from outside.
  public boolean pinned() {
    return pinned;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Step step && digest.equals(step.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return operation.getClass().getSimpleName() + " " + digest.abbreviated();
  }
}
