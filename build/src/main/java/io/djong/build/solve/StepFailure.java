package io.djong.build.solve;

import io.djong.build.graph.Step;

/// A step that failed, and why.
public final class StepFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Step step;
  private final int exitCode;

  StepFailure(Step step, Exception cause, int exitCode) {
    super(cause);
    this.step = step;
    this.exitCode = exitCode;
  }

  public Step step() {
    return step;
  }

  /// Of its command; 0 if it failed otherwise.
  public int exitCode() {
    return exitCode;
  }
}
