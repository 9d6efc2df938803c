package io.djong.registry;

import io.djong.model.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a registry answers to `GET /v1/search?q=TERM&n=LIMIT`, Docker's old search, which no
/// specification holds any more and `docker search` still asks.
public record SearchAnswer(String query, List<Result> results) {
  /// A repository that was found.
  public record Result(
      String name, String description, int stars, boolean official, boolean automated) {}

  public SearchAnswer {
    results = List.copyOf(results);
  }

  /// As JSON: one page with all results.
  public byte[] bytes() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Result result : results) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", result.name());
      one.put("description", result.description());
      one.put("star_count", result.stars());
      one.put("is_official", result.official());
      one.put("is_automated", result.automated());
      list.add(one);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("num_pages", 1);
    answer.put("num_results", list.size());
    answer.put("page_size", list.size());
    answer.put("page", 1);
    answer.put("query", query);
    answer.put("results", list);
    return Json.full().write(answer);
  }

  /// Reads what a registry sent.
  ///
  /// @throws io.djong.model.Fault.Invalid if it is not such an answer
  public static SearchAnswer read(byte[] json) {
    List<Result> results = new ArrayList<>();
    String query = "";
    if (Json.lean().readTree(json) instanceof Map<?, ?> answer) {
      query = answer.get("query") instanceof String text ? text : "";
      if (answer.get("results") instanceof List<?> list) {
        for (Object each : list) {
          if (each instanceof Map<?, ?> one && one.get("name") instanceof String name) {
            results.add(
                new Result(
                    name,
                    one.get("description") instanceof String text ? text : "",
                    one.get("star_count") instanceof Number stars ? stars.intValue() : 0,
                    Boolean.TRUE.equals(one.get("is_official")),
                    Boolean.TRUE.equals(one.get("is_automated"))));
          }
        }
      }
    }
    return new SearchAnswer(query, results);
  }
}
