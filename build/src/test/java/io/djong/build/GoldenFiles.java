package io.djong.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Files `NAME`, and what is said of each: `NAME.said`. With `-Dgolden=write` the latter are
/// written anew.
public final class GoldenFiles {
  private GoldenFiles() {}

  /// What says something of a file.
  public interface Saying {
    String of(byte[] file) throws Exception;
  }

  /// A test for each file of a folder.
  public static List<DynamicTest> tests(Path folder, Saying saying) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.toString().endsWith(".said"))
          .sorted()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      String.valueOf(file.getFileName()), () -> check(file, saying)))
          .toList();
    }
  }

  private static void check(Path file, Saying saying) throws Exception {
    String said = saying.of(Files.readAllBytes(file));
    Path golden = Path.of(file + ".said");
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(golden, said + "\n");
    }
    assertThat(said + "\n").isEqualTo(Files.readString(golden, UTF_8));
  }
}
