package io.djong.cli.format;

import java.util.ArrayList;
import java.util.List;

/// Lines of cells in columns, each as wide as its widest cell, three blanks apart and at least ten
/// wide, as Docker's tables are. For one thread.
public final class Table {
  private static final int GAP = 3;
  private static final int LEAST = 10;

  private final List<List<String>> lines = new ArrayList<>();

  /// Adds a line; cells are apart by tabs. Control characters are shown as escapes.
  public void addLine(String cells) {
    List<String> line = new ArrayList<>();
    int start = 0;
    for (int tab; (tab = cells.indexOf('\t', start)) >= 0; start = tab + 1) {
      line.add(Visible.of(cells.substring(start, tab)));
    }
    line.add(Visible.of(cells.substring(start)));
    lines.add(line);
  }

  /// All lines, each with its line feed. The last cell of a line is not padded.
  @Override
  public String toString() {
    List<Integer> widths = new ArrayList<>();
    for (List<String> line : lines) {
      for (int i = 0; i < line.size() - 1; i++) {
        int width = Math.max(line.get(i).codePointCount(0, line.get(i).length()) + GAP, LEAST);
        if (i == widths.size()) {
          widths.add(width);
        } else if (width > widths.get(i)) {
          widths.set(i, width);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        String cell = line.get(i);
        text.append(cell);
        if (i < line.size() - 1) {
          int pad = widths.get(i) - cell.codePointCount(0, cell.length());
          while (pad-- > 0) {
            text.append(' ');
          }
        }
      }
      text.append('\n');
    }
    return text.toString();
  }
}
