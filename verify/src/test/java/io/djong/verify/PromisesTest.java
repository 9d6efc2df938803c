package io.djong.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/promises.md` names for each attack and each fault the tests that try it. They exist.
class PromisesTest {
  private static final Path REPOSITORY =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*)#([a-z][A-Za-z0-9]*)`");
  private static final List<String> EXCUSES = List.of("does not apply: ", "open: ");

  private static List<String[]> rows() throws IOException {
    List<String[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(REPOSITORY.resolve("docs/promises.md"))) {
      if (line.startsWith("| ") && !line.startsWith("| # ") && !line.startsWith("| promise ")) {
        rows.add(line.substring(2, line.length() - 2).split(" \\| ", -1));
      }
    }
    return rows;
  }

  @Test
  void everyAttackFaultAndInvariantHasItsRow() throws IOException {
    List<String> wanted =
        Stream.of(
                IntStream.rangeClosed(1, 9).mapToObj(i -> "I" + i),
                IntStream.rangeClosed(1, 42).mapToObj(Integer::toString),
                IntStream.rangeClosed(1, 26).mapToObj(i -> "F" + i))
            .flatMap(each -> each)
            .toList();
    assertThat(rows().stream().filter(row -> row.length == 3).map(row -> row[0]).toList())
        .containsExactlyElementsOf(wanted);
  }

  @Test
  void everyRowNamesATestOrSaysWhyThereIsNone() throws IOException {
    for (String[] row : rows()) {
      String tried = row[row.length - 1];
      assertThat(TEST.matcher(tried).find() || EXCUSES.stream().anyMatch(tried::startsWith))
          .as(String.join(" | ", row))
          .isTrue();
    }
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    for (String[] row : rows()) {
      Matcher test = TEST.matcher(row[row.length - 1]);
      while (test.find()) {
        String source = sources.getOrDefault(test.group(1), "");
        if (!Pattern.compile("@(Test|ParameterizedTest)[^;{}]*void " + test.group(2) + "\\(")
            .matcher(withoutStrings(source))
            .find()) {
          missing.add(test.group());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /// What stands between an annotation and its method may have braces in its strings and lists.
  private static String withoutStrings(String source) {
    return source
        .replaceAll("(?s)\"\"\".*?\"\"\"", "")
        .replaceAll("\"(?:[^\"\\\\\n]|\\\\.)*\"", "")
        .replaceAll("\\{[\\s,+()A-Za-z0-9_.<<]*\\}", "")
        .replaceAll("//[^\n]*", "");
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.list(REPOSITORY)) {
      for (Path room : files.toList()) {
        Path tests = room.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          read(tests, sources);
        }
      }
    }
    return sources;
  }

  private static void read(Path folder, Map<String, String> sources) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        String name = String.valueOf(file.getFileName());
        sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
      }
    }
  }
}
