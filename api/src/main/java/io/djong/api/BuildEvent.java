package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that happened in a build, for those who asked ([BuildExtras#events]).
///
/// @param kind `planned` (with the instructions as texts), `started`, `output` (one text), `done`,
///   `failed` or `warning` (one text)
/// @param number of the instruction, from 1
/// @param cached of what is done: whether it was there already
/// @param stderr of output: where it went
/// @param code of what failed: its command's exit code; 0 if it failed otherwise
/// @param millis since the build began
@Json
public record BuildEvent(
    String kind,
    int number,
    @Nullable List<String> texts,
    boolean cached,
    boolean stderr,
    int code,
    long millis) {
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public BuildEvent {
    kind = kind == null ? "" : kind;
    texts = texts == null ? List.of() : texts;
  }
}
