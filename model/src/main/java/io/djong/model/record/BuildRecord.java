package io.djong.model.record;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept of a build. Immutable; times are RFC 3339.
///
/// @param names what the image was to be called
/// @param target the stage that was built; null is the last
/// @param ended null while it runs
/// @param state `running`, `done`, `failed`, or `interrupted` if who asked for it went away
/// @param image its id; null if there is none
/// @param error why there is none
@Json
public record BuildRecord(
    String id,
    List<String> names,
    String dockerfile,
    @Nullable String target,
    String began,
    @Nullable String ended,
    String state,
    @Nullable String image,
    @Nullable String error,
    List<StepRecord> steps) {
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public BuildRecord {
    names = names == null ? List.of() : List.copyOf(names);
    dockerfile = dockerfile == null ? "" : dockerfile;
    steps = steps == null ? List.of() : List.copyOf(steps);
  }

  /// What became of one instruction.
  @Json
  public record StepRecord(
      int number, String text, boolean cached, @Nullable String why, String began, String ended) {}

  /// The same after its end.
  public BuildRecord ended(
      String time,
      String newState,
      @Nullable String newImage,
      @Nullable String newError,
      List<StepRecord> newSteps) {
    return new BuildRecord(
        id, names, dockerfile, target, began, time, newState, newImage, newError, newSteps);
  }
}
