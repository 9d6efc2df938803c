package io.djong.build.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.build.BuildRequest;
import io.djong.build.BuildRequest.Caching;
import io.djong.build.BuildRequest.Context;
import io.djong.build.BuildRequest.Login;
import io.djong.build.BuildRequest.StepSurroundings;
import io.djong.build.GoldenFiles;
import io.djong.build.ImageSupply;
import io.djong.build.dockerfile.Dockerfile;
import io.djong.build.dockerfile.DockerfileText;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Dockerfiles that can be read and make no sense, and what is said of each: `wrong/NAME` and
/// `wrong/NAME.said`.
final class PlanningMistakesTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/djong/build/plan/wrong");

  @TestFactory
  List<DynamicTest> whatMakesNoSenseIsSaidWithItsPlace() throws IOException {
    return GoldenFiles.tests(FOLDER, PlanningMistakesTest::said);
  }

  private static String said(byte[] bytes) throws Exception {
    try {
      Dockerfile file = Dockerfile.parse(DockerfileText.of("Dockerfile", bytes));
      BuildPlan plan = new Planner(file, request(), new Shelf(), "build").plan();
      return "nothing is wrong\n" + String.join("\n", plan.warnings());
    } catch (Fault e) {
      return e.getClass().getSimpleName() + "\n" + e.getMessage();
    }
  }

  private static BuildRequest request() {
    return new BuildRequest(
        new Context.None(),
        "Dockerfile",
        null,
        List.of(),
        Map.of(),
        Map.of(),
        null,
        false,
        false,
        false,
        new Platform("amd64", "linux", null, null),
        StepSurroundings.NONE,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Caching.NONE);
  }

  /// The images `base` and `triggered`, which brings instructions of its own.
  private static final class Shelf implements ImageSupply {
    @Override
    public Found resolve(
        String name,
        @Nullable Platform platform,
        boolean pull,
        Map<String, Login> logins,
        Progress progress) {
      String config =
          switch (name) {
            case "base" -> "{}";
            case "triggered" -> "{\"OnBuild\":[\"EXPOSE 80a\"]}";
            default -> throw new Fault.NotFound("pull access denied for " + Reference.parse(name));
          };
      byte[] json =
          ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":"
                  + config
                  + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}")
              .getBytes(UTF_8);
      return new Found(Digest.of(json), Json.full().read(ImageConfig.class, json));
    }

    @Override
    public Digest publish(ImageConfig config, List<Reference.Tag> names) {
      throw new UnsupportedOperationException("nothing is built here");
    }

    @Override
    public Digest publishSquashed(
        ImageConfig config, @Nullable Digest base, List<Reference.Tag> names) {
      throw new UnsupportedOperationException("nothing is built here");
    }

    @Override
    public void sweep() {}
  }
}
