package io.djong.build.dockerfile;

import io.djong.build.dockerfile.Dockerfile.IncludedFiles;
import io.djong.build.dockerfile.DockerfileText.Origin;
import io.djong.build.dockerfile.DockerfileText.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts the lines of other files in the place of `INCLUDE FILE`, an instruction of djong's own (`#
/// djong: extensions`). Mistakes are shown where they were written. For one file.
final class Includes {
  private static final String VERB = "INCLUDE";
  private static final int DEEPEST = 10;

  private final IncludedFiles files;
  private final char escape;
  private final List<String> lines = new ArrayList<>();
  private final List<Origin> origins = new ArrayList<>();

  private Includes(IncludedFiles files, char escape) {
    this.files = files;
    this.escape = escape;
  }

  static DockerfileText expand(DockerfileText text, char escape, IncludedFiles files)
      throws IOException {
    Includes includes = new Includes(files, escape);
    includes.add(text, List.of(text.name()));
    return new DockerfileText(text.name(), includes.lines, includes.origins);
  }

  private void add(DockerfileText text, List<String> way) throws IOException {
    Map<Integer, LogicalLine> included = new HashMap<>();
    for (LogicalLine line : new LineReader(text, escape).read()) {
      String words = line.text().strip();
      if (words.equalsIgnoreCase(VERB) || words.regionMatches(true, 0, VERB + " ", 0, 8)) {
        included.put(line.first(), line);
      }
    }
    for (int number = 1; number <= text.lines().size(); number++) {
      LogicalLine line = included.get(number);
      if (line == null) {
        lines.add(text.lines().get(number - 1));
        origins.add(new Origin(text.name(), number));
      } else {
        include(text, line, way);
      }
    }
  }

  private void include(DockerfileText text, LogicalLine line, List<String> way) throws IOException {
    String words = line.text().strip();
    String path = words.substring(VERB.length()).strip();
    Position at = line.at(0);
    if (path.isEmpty() || path.chars().anyMatch(Character::isWhitespace)) {
      throw text.mistake(at, words.length(), "INCLUDE requires exactly one argument, a file");
    }
    if (way.contains(path) || way.size() > DEEPEST) {
      throw text.mistake(
          at, words.length(), "INCLUDE " + path + " goes round in circles, or too deep");
    }
    byte[] bytes = files.read(path);
    if (bytes == null) {
      throw text.mistake(at, words.length(), "INCLUDE " + path + ": there is no such file");
    }
    List<String> further = new ArrayList<>(way);
    further.add(path);
    add(DockerfileText.of(path, bytes), further);
  }
}
