package io.djong.build.plan;

import io.djong.build.graph.Step;
import io.djong.model.Digest;
import io.djong.model.Platform;
import io.djong.model.RunConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be done for a target. Immutable.
///
/// @param lines the instructions of the stages that are needed, in the order of the file
/// @param tree the step whose result is the image's tree
/// @param base the image that the target stands on in the end; null if it is none
public record BuildPlan(
    List<Line> lines,
    Step tree,
    @Nullable Digest base,
    RunConfig config,
    Platform platform,
    @Nullable String author,
    List<HistoryLine> history,
    List<String> warnings) {

  /// One instruction.
  ///
  /// @param text as it is shown
  /// @param before the tree before it; null for FROM
  /// @param after the tree after it; the same if it changes none
  public record Line(int number, String text, int fileLine, @Nullable Step before, Step after) {}
}
