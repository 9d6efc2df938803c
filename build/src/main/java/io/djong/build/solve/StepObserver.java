package io.djong.build.solve;

import io.djong.build.graph.Step;

/// Looks on while steps are solved. Called from several threads at once.
public interface StepObserver {
  /// A step begins to work.
  ///
  /// @param container what runs, if anything does
  void started(Step step, @org.jspecify.annotations.Nullable String container);

  void output(Step step, boolean stderr, byte[] bytes);

  void done(Step step, Solved result, @org.jspecify.annotations.Nullable String container);

  /// @param exitCode of its command; 0 if it failed otherwise
  void failed(Step step, int exitCode);
}
