package io.djong.build.dockerfile;

import io.djong.build.dockerfile.DockerfileText.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Joins the lines of a file to instructions: continuations, comments, heredocs (Dockerfile
/// reference, Format). For one thread.
final class LineReader {
  private static final int MAX_HEREDOCS = 100;

  private final DockerfileText text;
  private final char escape;
  private int next;

  /// @param escape what a line that goes on ends with
  LineReader(DockerfileText text, char escape) {
    this.text = text;
    this.escape = escape;
  }

  List<LogicalLine> read() {
    List<LogicalLine> all = new ArrayList<>();
    while (next < text.lines().size()) {
      String line = text.lines().get(next);
      if (line.isBlank() || isComment(line)) {
        next++;
        continue;
      }
      all.add(readOne());
    }
    return all;
  }

  private LogicalLine readOne() {
    StringBuilder joined = new StringBuilder();
    List<LogicalLine.Piece> pieces = new ArrayList<>();
    boolean empty = false;
    boolean goesOn = true;
    while (goesOn && next < text.lines().size()) {
      String line = text.lines().get(next);
      int number = ++next;
      if (!pieces.isEmpty() && isComment(line)) {
        continue;
      }
      if (!pieces.isEmpty() && line.isBlank()) {
        empty = true;
        continue;
      }
      int indent = pieces.isEmpty() ? line.length() - line.stripLeading().length() : 0;
      int end = continuation(line);
      goesOn = end >= 0;
      pieces.add(new LogicalLine.Piece(joined.length(), new Position(number, indent + 1)));
      joined.append(
          line, Math.min(indent, goesOn ? end : line.length()), goesOn ? end : line.length());
    }
    LogicalLine line = new LogicalLine(joined.toString(), pieces, next, List.of(), empty);
    List<Heredoc> heredocs = heredocs(line);
    return new LogicalLine(line.text(), pieces, next, heredocs, empty);
  }

  static boolean isComment(String line) {
    return line.stripLeading().startsWith("#");
  }

  /// Where a line that goes on has the mark of it; -1 if it does not. A doubled mark is none.
  private int continuation(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
      end--;
    }
    boolean marked = end > 0 && line.charAt(end - 1) == escape;
    boolean doubled = end > 1 && line.charAt(end - 2) == escape;
    return marked && !doubled ? end - 1 : -1;
  }

  private List<Heredoc> heredocs(LogicalLine line) {
    if (!mayHave(line.text())) {
      return List.of();
    }
    List<Heredoc> found = new ArrayList<>();
    for (String word : Words.raw(line.text(), escape)) {
      Heredoc announced = Heredoc.announcedBy(word);
      if (announced != null) {
        if (found.size() == MAX_HEREDOCS) {
          throw text.mistake(line.at(0), 1, "more than " + MAX_HEREDOCS + " heredocs");
        }
        found.add(announced.with(content(announced, line)));
      }
    }
    return found;
  }

  private static boolean mayHave(String line) {
    if (!line.contains("<<")) {
      return false;
    }
    String upper = line.substring(0, Math.min(line.length(), 64)).toUpperCase(Locale.ROOT);
    if (upper.startsWith("ONBUILD")) {
      upper = upper.substring(7).stripLeading();
    }
    return upper.startsWith("RUN") || upper.startsWith("COPY") || upper.startsWith("ADD");
  }

  private String content(Heredoc heredoc, LogicalLine line) {
    StringBuilder content = new StringBuilder();
    while (next < text.lines().size()) {
      String read = text.lines().get(next++);
      String end = heredoc.chomp() ? withoutTabs(read) : read;
      if (end.equals(heredoc.name())) {
        return content.toString();
      }
      content.append(read).append('\n');
    }
    int at = Math.max(0, line.text().indexOf("<<"));
    throw text.mistake(
        line.at(at),
        Math.max(1, line.text().length() - at),
        "unterminated heredoc: no line says " + heredoc.name());
  }

  private static String withoutTabs(String line) {
    int start = 0;
    while (start < line.length() && line.charAt(start) == '\t') {
      start++;
    }
    return line.substring(start);
  }
}
