package io.djong.build.dockerfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Wrong Dockerfiles, and what is said of each: `wrong/NAME` and `wrong/NAME.said`. With
/// `-Dgolden=write` the latter are written anew.
final class MistakesTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/djong/build/dockerfile/wrong");

  @TestFactory
  List<DynamicTest> whatIsWrongIsSaidWithItsPlace() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> !file.toString().endsWith(".said"))
          .sorted()
          .map(
              file ->
                  DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check(file)))
          .toList();
    }
  }

  private static void check(Path file) throws IOException {
    String said = said(Files.readAllBytes(file));
    Path golden = Path.of(file + ".said");
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(golden, said + "\n");
    }
    assertThat(said + "\n").isEqualTo(Files.readString(golden, UTF_8));
  }

  private static String said(byte[] bytes) {
    try {
      Dockerfile.parse(DockerfileText.of("Dockerfile", bytes));
      return "nothing is wrong";
    } catch (Fault.Invalid e) {
      return String.valueOf(e.getMessage());
    }
  }
}
