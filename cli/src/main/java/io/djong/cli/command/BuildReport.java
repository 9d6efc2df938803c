package io.djong.cli.command;

import io.djong.api.BuildStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Shows what became of the steps of a build. Pure.
final class BuildReport {
  private static final int WIDTH = 1000;
  private static final int ROW = 22;
  private static final int LEFT = 420;
  private static final int MOST_TEXT = 60;

  private BuildReport() {}

  static String line(BuildStep step) {
    String state = step.cached() ? "cached" : millis(step) + " ms";
    return "#" + step.number() + " [" + state + "] " + firstLine(step.text()) + ": " + step.why();
  }

  private static long millis(BuildStep step) {
    return Duration.between(Instant.parse(step.began()), Instant.parse(step.ended())).toMillis();
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.length() <= MOST_TEXT ? line : line.substring(0, MOST_TEXT) + "…";
  }

  /// A waterfall: a row a step, a bar from its beginning to its end.
  static String svg(List<BuildStep> steps) {
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;
    for (BuildStep step : steps) {
      Instant began = Instant.parse(step.began());
      Instant ended = Instant.parse(step.ended());
      first = began.isBefore(first) ? began : first;
      last = ended.isAfter(last) ? ended : last;
    }
    long span = steps.isEmpty() ? 1 : Math.max(1, Duration.between(first, last).toMillis());
    StringBuilder svg = new StringBuilder(4096);
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .append(LEFT + WIDTH + 80)
        .append("\" height=\"")
        .append(ROW * (steps.size() + 1))
        .append("\" font-family=\"monospace\" font-size=\"12\">\n");
    int row = 0;
    for (BuildStep step : steps) {
      long start = Duration.between(first, Instant.parse(step.began())).toMillis();
      long length = millis(step);
      int y = ROW * row++;
      svg.append("<text x=\"4\" y=\"").append(y + 15).append("\">");
      svg.append(step.number()).append(' ').append(escaped(firstLine(step.text())));
      svg.append("</text><rect x=\"").append(LEFT + start * WIDTH / span);
      svg.append("\" y=\"").append(y + 4).append("\" height=\"14\" width=\"");
      svg.append(Math.max(2, length * WIDTH / span)).append("\" fill=\"");
      svg.append(step.cached() ? "#9ccc9c" : "#4a7ab5").append("\"><title>");
      svg.append(escaped(String.valueOf(step.why()))).append("</title></rect><text x=\"");
      svg.append(LEFT + 6 + (start + length) * WIDTH / span).append("\" y=\"").append(y + 15);
      svg.append("\">").append(step.cached() ? "cached" : length + " ms").append("</text>\n");
    }
    return svg.append("</svg>\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
