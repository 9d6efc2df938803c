package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of a progress stream (load, import, pull, push). An `error` ends it.
@Json
public record StreamMessage(
    @Nullable String stream,
    @Nullable String status,
    @Nullable ProgressDetail progressDetail,
    @Nullable String id,
    @Nullable ErrorDetail errorDetail,
    @Nullable String error,
    @Nullable Map<String, Object> aux) {

  public static StreamMessage stream(String text) {
    return new StreamMessage(text, null, null, null, null, null, null);
  }

  public static StreamMessage status(@Nullable String id, String status) {
    return new StreamMessage(null, status, null, id, null, null, null);
  }

  /// A status of a part; clients redraw the line of that part.
  public static StreamMessage part(String id, String status) {
    return new StreamMessage(null, status, new ProgressDetail(0, null), id, null, null, null);
  }

  /// A result, for programs.
  public static StreamMessage aux(Map<String, Object> result) {
    return new StreamMessage(null, null, new ProgressDetail(0, null), null, null, null, result);
  }

  public static StreamMessage progress(
      @Nullable String id, String status, long current, long total) {
    return new StreamMessage(
        null, status, new ProgressDetail(current, total == 0 ? null : total), id, null, null, null);
  }

  public static StreamMessage error(String message) {
    return new StreamMessage(null, null, null, null, new ErrorDetail(null, message), message, null);
  }

  /// Bytes done and bytes in all.
  @Json
  public record ProgressDetail(long current, @Nullable Long total) {}

  /// An error once more.
  @Json
  public record ErrorDetail(@Nullable Integer code, String message) {}
}
