package io.djong.api;

import io.avaje.jsonb.Json;
import io.djong.api.StreamMessage.ErrorDetail;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of the answer to a build. An `error` ends it; `aux` names what was made.
@Json
public record BuildMessage(
    @Nullable String stream,
    @Nullable Map<String, String> aux,
    @Nullable List<BuildStep> steps,
    @Nullable BuildEvent event,
    @Nullable ErrorDetail errorDetail,
    @Nullable String error) {

  public static BuildMessage stream(String text) {
    return new BuildMessage(text, null, null, null, null, null);
  }

  public static BuildMessage aux(String name, String value) {
    return new BuildMessage(null, Map.of(name, value), null, null, null, null);
  }

  /// To those alone who asked for it ([BuildExtras#report]).
  public static BuildMessage steps(List<BuildStep> steps) {
    return new BuildMessage(null, null, steps, null, null, null);
  }

  /// To those alone who asked for it ([BuildExtras#events]).
  public static BuildMessage event(BuildEvent event) {
    return new BuildMessage(null, null, null, event, null, null);
  }

  /// @param code of the command that failed; null if none did
  public static BuildMessage error(String message, @Nullable Integer code) {
    return new BuildMessage(null, null, null, null, new ErrorDetail(code, message), message);
  }
}
