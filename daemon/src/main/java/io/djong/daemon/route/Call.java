package io.djong.daemon.route;

import io.djong.api.AnswerJson;
import io.djong.api.ApiVersion;
import io.djong.engine.Filters;
import io.djong.http.HttpRequest;
import io.djong.http.HttpResponse;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request on its way through a route: what was asked in the API's words, and how to answer.
/// For the handler's thread.
final class Call {
  private static final int MAX_JSON = 4 << 20;

  private final HttpRequest request;
  private final HttpResponse response;
  private final Map<String, String> names;
  private final ApiVersion version;

  Call(HttpRequest request, HttpResponse response, Map<String, String> names, ApiVersion version) {
    this.request = request;
    this.response = response;
    this.names = names;
    this.version = version;
  }

  HttpRequest request() {
    return request;
  }

  HttpResponse response() {
    return response;
  }

  ApiVersion version() {
    return version;
  }

  /// What stands in the path where the pattern has this name.
  String name(String name) {
    String value = names.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no {" + name + "}");
    }
    return value;
  }

  /// A query parameter; null if it is not there or empty.
  @Nullable String query(String name) {
    List<String> values = request.query().get(name);
    return values == null || values.isEmpty() || values.getFirst().isEmpty()
        ? null
        : values.getFirst();
  }

  List<String> queryAll(String name) {
    return request.query().getOrDefault(name, List.of());
  }

  /// A truth as Docker reads it: everything but nothing, 0, no, false and none is true.
  boolean flag(String name) {
    return flag(name, false);
  }

  boolean flag(String name, boolean absent) {
    if (!request.query().containsKey(name)) {
      return absent;
    }
    String value = query(name);
    return value != null
        && switch (value.strip().toLowerCase(Locale.ROOT)) {
          case "", "0", "no", "false", "none" -> false;
          default -> true;
        };
  }

  /// A whole number; null if the parameter is not there.
  @Nullable Integer number(String name) {
    String value = query(name);
    if (value == null) {
      return null;
    }
    try {
      return Integer.valueOf(value);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid " + name + " \"" + value + "\": want a whole number", e);
    }
  }

  int number(String name, int absent) {
    Integer value = number(name);
    return value == null ? absent : value;
  }

  /// The `filters` parameter: a JSON object of lists, or of objects whose keys count (before 1.22).
  Filters filters() {
    String text = query("filters");
    if (text == null) {
      return Filters.NONE;
    }
    try {
      if (Json.full().read(Object.class, text) instanceof Map<?, ?> all) {
        Map<String, List<String>> values = new HashMap<>();
        all.forEach((key, value) -> values.put((String) key, filterValues(value)));
        return new Filters(values);
      }
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid("invalid filter", e);
    }
    throw new Fault.Invalid("invalid filter");
  }

  private static List<String> filterValues(@Nullable Object value) {
    List<String> values = new ArrayList<>();
    switch (value) {
      case List<?> list -> list.forEach(each -> values.add(String.valueOf(each)));
      case Map<?, ?> map ->
          map.forEach(
              (key, wanted) -> {
                if (!Boolean.FALSE.equals(wanted)) {
                  values.add((String) key);
                }
              });
      case null, default -> throw new Fault.Invalid("invalid filter");
    }
    return values;
  }

  /// The body's JSON.
  ///
  /// @return empty if there is no body
  /// @throws Fault.Invalid if it is not said to be JSON, or is larger than 4 MiB
  byte[] json() throws IOException {
    byte[] body = request.body().readNBytes(MAX_JSON + 1);
    if (body.length > MAX_JSON) {
      throw new Fault.Invalid("invalid JSON: the body is larger than 4 MiB");
    }
    String type = request.header("Content-Type");
    if (body.length > 0 && !isJson(type)) {
      throw new Fault.Invalid(
          "unsupported Content-Type header ("
              + (type == null ? "" : type)
              + "): must be 'application/json'");
    }
    return body;
  }

  private static boolean isJson(@Nullable String type) {
    if (type == null) {
      return false;
    }
    int semicolon = type.indexOf(';');
    String bare = semicolon < 0 ? type : type.substring(0, semicolon);
    return bare.strip().equalsIgnoreCase("application/json");
  }

  /// The body as a value.
  ///
  /// @throws Fault.Invalid if there is none
  <T> T json(Class<T> type) throws IOException {
    byte[] body = json();
    if (body.length == 0) {
      throw new Fault.Invalid("invalid JSON: got EOF while reading request body");
    }
    return Json.full().read(type, body);
  }

  void answer(Object value) throws IOException {
    answer(200, value);
  }

  void answer(int status, Object value) throws IOException {
    byte[] json = AnswerJson.write(value);
    byte[] line = new byte[json.length + 1];
    System.arraycopy(json, 0, line, 0, json.length);
    line[json.length] = '\n';
    response.status(status).header("Content-Type", "application/json").send(line);
  }

  void empty(int status) throws IOException {
    response.status(status).send(new byte[0]);
  }

  /// Has the thread that serves this call interrupted, and something closed, once the client is
  /// gone.
  void untilGone(AutoCloseable closed) {
    request.onDisconnect(
        () -> {
          try {
            closed.close();
          } catch (Exception e) { // Nobody is left to be told.
            System.getLogger("io.djong.daemon")
                .log(System.Logger.Level.DEBUG, "ending a stream whose client left", e);
          }
        });
  }
}
