package io.djong.api;

import io.djong.model.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes answers as Docker's engine does: which property is left out where it is empty, and which
/// is an empty text, an empty list or null instead, is part of the API for clients that do not
/// declare its shapes. Safe for use by several threads.
public final class AnswerJson {
  private AnswerJson() {}

  /// Writes an answer, or a list of answers of one kind, as UTF-8 JSON without line breaks.
  public static byte[] write(Object answer) {
    Object sample = answer instanceof List<?> list && !list.isEmpty() ? list.getFirst() : answer;
    AnswerShape shape = AnswerShape.of(sample.getClass());
    byte[] complete = Json.full().write(answer);
    if (shape == null) {
      return complete;
    }
    return Json.full().write(shaped("", Json.full().readTree(complete), shape));
  }

  private static Object shaped(String path, Object value, AnswerShape shape) {
    return switch (value) {
      case Map<?, ?> object -> shapedObject(path, object, shape);
      case List<?> list -> {
        List<@Nullable Object> all = new ArrayList<>(list.size());
        for (Object each : list) {
          all.add(each == null ? null : shaped(path, each, shape));
        }
        yield all;
      }
      default -> value;
    };
  }

  private static Map<String, @Nullable Object> shapedObject(
      String path, Map<?, ?> object, AnswerShape shape) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    object.forEach(
        (name, value) -> {
          String here = path.isEmpty() ? (String) name : path + "." + name;
          if (shape.omitted().contains(here) && isEmpty(value)) {
            return;
          }
          if (shape.nulls().contains(here) && isEmpty(value)) {
            all.put((String) name, null);
          } else if (value == null) {
            all.put((String) name, shape.texts().contains(here) ? "" : shape.added().get(here));
          } else {
            all.put((String) name, shaped(here, value, shape));
          }
        });
    shape
        .added()
        .forEach(
            (added, value) -> {
              int dot = added.lastIndexOf('.');
              if (added.substring(0, Math.max(dot, 0)).equals(path)) {
                all.putIfAbsent(added.substring(dot + 1), value);
              }
            });
    return all;
  }

  private static boolean isEmpty(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case String text -> text.isEmpty();
      case Boolean truth -> !truth;
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      default -> false;
    };
  }
}
