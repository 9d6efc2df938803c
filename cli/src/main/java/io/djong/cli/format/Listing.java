package io.djong.cli.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A list of things in the form the user asked for: a table, a template for each, or JSON. The
/// things are rows of named fields; each field has a heading. For one thread.
public final class Listing {
  private final Map<String, String> headings;
  private final List<String> columns;
  private final List<Map<String, Object>> rows = new ArrayList<>();

  /// @param headings by field
  /// @param columns the fields of the table, where no template says otherwise
  public Listing(Map<String, String> headings, List<String> columns) {
    this.headings = headings;
    this.columns = columns;
  }

  public void add(Map<String, Object> row) {
    rows.add(row);
  }

  /// @param format `table`, `table TEMPLATE`, `json`, a template, or null for a table
  /// @param quiet only this field of each, where the format is not a template; null for all
  /// @return every line with its line feed
  /// @throws TemplateException if the format asks for what there is not
  public String text(@Nullable String format, @Nullable String quiet) {
    if (format == null || format.isEmpty() || format.equals("table")) {
      return quiet == null ? table() : column(quiet);
    }
    if (format.equals("json")) {
      return lines(Template.parse("{{json .}}", true));
    }
    String unescaped = format.replace("\\t", "\t").replace("\\n", "\n");
    if (!unescaped.startsWith("table")) {
      return lines(Template.parse(unescaped, true));
    }
    if (quiet != null) {
      return column(quiet);
    }
    Template line = Template.parse(unescaped.substring("table".length()).strip(), true);
    Table table = new Table();
    table.addLine(line.apply(withMethods(headings)));
    for (Map<String, Object> row : rows) {
      table.addLine(line.apply(row));
    }
    return table.toString();
  }

  private String table() {
    Table table = new Table();
    table.addLine(cells(headings));
    for (Map<String, Object> row : rows) {
      table.addLine(cells(row));
    }
    return table.toString();
  }

  private String cells(Map<String, ?> row) {
    StringBuilder line = new StringBuilder();
    for (String column : columns) {
      if (!line.isEmpty()) {
        line.append('\t');
      }
      line.append(row.get(column));
    }
    return line.toString();
  }

  private String column(String field) {
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> row : rows) {
      text.append(row.get(field)).append('\n');
    }
    return text.toString();
  }

  private String lines(Template template) {
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> row : rows) {
      text.append(template.apply(row)).append('\n');
    }
    return text.toString();
  }

  private static Map<String, Object> withMethods(Map<String, String> headings) {
    Map<String, Object> row = new LinkedHashMap<>(headings);
    Template.Method label = arguments -> TemplateFunctions.text(arguments.get(0));
    row.put("Label", label);
    return row;
  }
}
