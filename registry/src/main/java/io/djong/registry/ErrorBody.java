package io.djong.registry;

import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of an answer that is no success (OCI distribution specification, Error Codes).
public record ErrorBody(List<Entry> errors) {
  /// @param code one of [RegistryError]'s, or another server's own
  /// @param detail any JSON
  public record Entry(String code, String message, @Nullable Object detail) {}

  public ErrorBody {
    errors = List.copyOf(errors);
  }

  public static ErrorBody of(RegistryError error, String message, @Nullable Object detail) {
    return new ErrorBody(List.of(new Entry(error.name(), message, detail)));
  }

  /// Reads what a server sent; whatever is not such a body has no errors. A server that answers in
  /// Docker's old way (`{"details": …}`, `{"message": …}`) is understood too.
  public static ErrorBody read(byte[] json) {
    Object tree;
    try {
      tree = Json.lean().readTree(json);
    } catch (Fault.Invalid e) {
      return new ErrorBody(List.of());
    }
    List<Entry> entries = new ArrayList<>();
    if (tree instanceof Map<?, ?> body) {
      if (body.get("errors") instanceof List<?> list) {
        for (Object each : list) {
          if (each instanceof Map<?, ?> error) {
            entries.add(
                new Entry(text(error, "code"), text(error, "message"), error.get("detail")));
          }
        }
      } else if (!text(body, "details").isEmpty() || !text(body, "message").isEmpty()) {
        String details = text(body, "details");
        entries.add(
            new Entry("UNKNOWN", details.isEmpty() ? text(body, "message") : details, null));
      }
    }
    return new ErrorBody(entries);
  }

  /// As JSON.
  public byte[] bytes() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Entry entry : errors) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("code", entry.code());
      one.put("message", entry.message());
      if (entry.detail() != null) {
        one.put("detail", entry.detail());
      }
      list.add(one);
    }
    return Json.lean().write(Map.of("errors", list));
  }

  private static String text(Map<?, ?> object, String name) {
    return object.get(name) instanceof String text ? text : "";
  }
}
