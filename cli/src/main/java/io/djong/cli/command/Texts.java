package io.djong.cli.command;

import io.djong.api.Ages;
import io.djong.cli.format.Template;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Texts as several lists show them.
final class Texts {
  private static final int SHORT_ID = 12;
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z z", Locale.ROOT);

  private Texts() {}

  /// The digits of an id that people use: twelve, without the algorithm.
  static String id(String id, boolean whole) {
    if (whole) {
      return id;
    }
    String digits = id.substring(id.indexOf(':') + 1);
    return digits.length() > SHORT_ID ? digits.substring(0, SHORT_ID) : digits;
  }

  /// At most so many characters, the last one an ellipsis if some were cut.
  static String cut(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /// How long ago that was.
  ///
  /// @param seconds since 1970
  static String ago(long seconds) {
    return Ages.of(System.currentTimeMillis() / 1000 - seconds) + " ago";
  }

  /// Date and time here.
  static String local(long seconds) {
    return LOCAL.format(Instant.ofEpochSecond(seconds).atZone(ZoneId.systemDefault()));
  }

  /// Labels as one text, and as a function for templates.
  static void labels(Map<String, Object> row, @Nullable Map<String, String> labels) {
    Map<String, String> known = labels == null ? Map.of() : labels;
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> label : known.entrySet()) {
      text.append(text.isEmpty() ? "" : ",")
          .append(label.getKey())
          .append('=')
          .append(label.getValue());
    }
    row.put("Labels", text.toString());
    Template.Method one =
        arguments ->
            arguments.size() == 1 ? known.getOrDefault(String.valueOf(arguments.get(0)), "") : "";
    row.put("Label", one);
  }

  /// Headings by field, from pairs.
  static Map<String, String> headings(String... pairs) {
    Map<String, String> headings = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      headings.put(pairs[i], pairs[i + 1]);
    }
    return headings;
  }
}
