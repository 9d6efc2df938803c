package io.djong.build.dockerfile;

import io.djong.model.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Dockerfile as it was written, and how mistakes in it are shown: Docker's first line, then the
/// place, the lines around it and a mark below. Immutable.
///
/// @param name as people call the file
/// @param origins where each line was written, if that is not in this file alone; else empty
public record DockerfileText(String name, List<String> lines, List<Origin> origins) {
  /// Bytes; more is no Dockerfile.
  public static final int MAX_BYTES = 4 << 20;

  private static final int SHOWN_WIDTH = 160;

  public DockerfileText {
    lines = List.copyOf(lines);
    origins = List.copyOf(origins);
  }

  /// A line of a file, from 1.
  public record Origin(String file, int line) {}

  /// Where a line was written.
  public Origin origin(int line) {
    return line < 1 || line > origins.size() ? new Origin(name, line) : origins.get(line - 1);
  }

  /// @throws Fault.Invalid if there is more than a Dockerfile may hold
  public static DockerfileText of(String name, byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new Fault.Invalid(
          "failed to parse " + name + ": it is larger than " + (MAX_BYTES >> 20) + " MiB");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.startsWith("\ufeff")) {
      text = text.substring(1);
    }
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      int stop = end < 0 ? text.length() : end;
      int bare = stop > start && text.charAt(stop - 1) == '\r' ? stop - 1 : stop;
      lines.add(text.substring(start, bare));
      start = stop + 1;
    }
    return new DockerfileText(name, lines, List.of());
  }

  /// Line and column, both from 1.
  public record Position(int line, int column) {}

  /// A mistake at a place.
  public Fault.Invalid mistake(Position at, int length, String message) {
    return mistake(at, length, message, null);
  }

  /// A mistake at a place, with what was probably meant.
  public Fault.Invalid mistake(
      Position at, int length, String message, @Nullable String suggestion) {
    String hint = suggestion == null ? "" : " (did you mean " + suggestion + "?)";
    Origin origin = origin(at.line());
    return new Fault.Invalid(
        "dockerfile parse error on line "
            + origin.line()
            + (origin.file().equals(name) ? "" : " of " + origin.file())
            + ": "
            + message
            + hint
            + "\n"
            + excerpt(at, length));
  }

  /// The place, the line before and the line itself, and a mark under what is meant.
  public String excerpt(Position at, int length) {
    StringBuilder shown = new StringBuilder();
    Origin here = origin(at.line());
    shown.append(here.file()).append(':').append(here.line()).append(':').append(at.column());
    shown.append('\n');
    int width = Integer.toString(here.line()).length();
    for (int line = Math.max(1, at.line() - 1); line <= Math.min(at.line(), lines.size()); line++) {
      Origin origin = origin(line);
      if (!origin.file().equals(here.file())) {
        continue;
      }
      String number = Integer.toString(origin.line());
      shown
          .append(line == at.line() ? "> " : "  ")
          .append(" ".repeat(Math.max(0, width - number.length())))
          .append(number)
          .append(" | ")
          .append(cut(lines.get(line - 1)))
          .append('\n');
    }
    if (at.column() <= SHOWN_WIDTH) {
      shown
          .append(" ".repeat(2 + width))
          .append(" | ")
          .append(" ".repeat(Math.max(0, at.column() - 1)))
          .append("^".repeat(Math.max(1, Math.min(length, SHOWN_WIDTH - at.column() + 1))));
    }
    return shown.toString();
  }

  private static String cut(String line) {
    String plain = line.replace('\t', ' ');
    return plain.length() <= SHOWN_WIDTH ? plain : plain.substring(0, SHOWN_WIDTH) + "…";
  }
}
