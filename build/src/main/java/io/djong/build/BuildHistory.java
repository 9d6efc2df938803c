package io.djong.build;

import io.djong.build.Builder.StepReport;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The last builds, with what they said. A `ref` is a build's id or a prefix of it that no other
/// has; every method that takes one throws [io.djong.model.Fault.NotFound] if there is none. Safe
/// for use by several threads.
public interface BuildHistory {
  /// The newest first.
  List<PastBuild> list();

  PastBuild find(String ref);

  /// What a build said, so far if it runs. Bounded.
  InputStream log(String ref) throws IOException;

  /// @param ended null while it runs
  /// @param state `running`, `done`, `failed`, or `interrupted` if who asked for it went away
  /// @param image its id; null if there is none
  /// @param error why there is none
  record PastBuild(
      String id,
      List<String> names,
      String dockerfile,
      @Nullable String target,
      Instant began,
      @Nullable Instant ended,
      String state,
      @Nullable String image,
      @Nullable String error,
      List<StepReport> steps) {}
}
