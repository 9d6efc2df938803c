package io.djong.build.dockerfile;

import io.djong.build.GoldenFiles;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Wrong Dockerfiles, and what is said of each: `wrong/NAME` and `wrong/NAME.said`.
final class MistakesTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/djong/build/dockerfile/wrong");

  @TestFactory
  List<DynamicTest> whatIsWrongIsSaidWithItsPlace() throws IOException {
    return GoldenFiles.tests(FOLDER, MistakesTest::said);
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
