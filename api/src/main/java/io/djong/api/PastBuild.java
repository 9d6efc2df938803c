package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One of the last builds (`GET /djong/builds`); times are RFC 3339.
///
/// @param names what the image was to be called
/// @param target the stage that was built; null is the last
/// @param ended null while it runs
/// @param state `running`, `done`, `failed`, or `interrupted` if who asked for it went away
/// @param image its id; null if there is none
/// @param error why there is none
/// @param steps what became of each instruction; not in lists
@Json
public record PastBuild(
    String id,
    List<String> names,
    String dockerfile,
    @Nullable String target,
    String began,
    @Nullable String ended,
    String state,
    @Nullable String image,
    @Nullable String error,
    List<BuildStep> steps) {
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public PastBuild {
    names = names == null ? List.of() : names;
    dockerfile = dockerfile == null ? "" : dockerfile;
    steps = steps == null ? List.of() : steps;
  }
}
