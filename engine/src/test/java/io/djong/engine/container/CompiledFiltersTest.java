package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.json.Json;
import io.djong.model.spec.RuntimeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompiledFiltersTest {
  private static final byte[] FILTER = {1, 2, 3};
  private static final Map<String, String> GIVEN = Map.of("run.oci.seccomp_bpf_data", "AQID");

  private final CompiledFilters filters = new CompiledFilters();

  /// One of the documents that the runtime is told.
  private static RuntimeSpec spec(String action) throws IOException {
    Path golden = Path.of("src/test/resources/io/djong/engine/container").resolve("ordinary.json");
    String text = Files.readString(golden).replace("SCMP_ACT_ERRNO", action);
    return Json.lean()
        .read(RuntimeSpec.class, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void aProfileIsCompiledOnceAndOnlyForItself() throws Exception {
    assertThat(filters.with(spec("SCMP_ACT_ERRNO")).annotations()).isEmpty();

    filters.learn(spec("SCMP_ACT_ERRNO"), () -> FILTER);

    assertThat(filters.with(spec("SCMP_ACT_ERRNO")).annotations()).isEqualTo(GIVEN);
    assertThat(filters.with(spec("SCMP_ACT_KILL")).annotations()).isEmpty();
  }

  @Test
  void whatAUserGivesIsNeitherReplacedNorLearned() throws Exception {
    Map<String, String> own = Map.of("run.oci.seccomp_bpf_data", "own");
    RuntimeSpec spec = spec("SCMP_ACT_ERRNO").withAnnotations(own);

    filters.learn(spec, () -> FILTER);
    assertThat(filters.with(spec("SCMP_ACT_ERRNO")).annotations()).isEmpty();

    filters.learn(spec("SCMP_ACT_ERRNO"), () -> FILTER);
    assertThat(filters.with(spec).annotations()).isEqualTo(own);
  }

  @Test
  void aRuntimeThatKeepsItsFilterIsAskedAgain() throws Exception {
    filters.learn(spec("SCMP_ACT_ERRNO"), () -> null);
    assertThat(filters.with(spec("SCMP_ACT_ERRNO")).annotations()).isEmpty();
  }
}
