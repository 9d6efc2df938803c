package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import io.djong.model.RunConfig;
import io.djong.model.container.ContainerConfig;
import io.djong.model.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImageDefaultsTest {
  private static final RunConfig IMAGE =
      Json.lean()
          .read(
              RunConfig.class,
              """
              {"User":"web","Env":["A=image","B=image"],"Entrypoint":["/entry"],"Cmd":["serve"],
               "WorkingDir":"/srv","Labels":{"a":"image","b":"image"},"StopSignal":"SIGINT",
               "ExposedPorts":{"80/tcp":{}},"Volumes":{"/data":{}}}""");

  private static ContainerConfig merged(String asked) {
    return ImageDefaults.merge(Json.lean().read(ContainerConfig.class, asked), IMAGE, "drawn");
  }

  @Test
  void whatIsNotSaidIsTheImages() {
    ContainerConfig config = merged("{\"Image\":\"x\"}");

    assertThat(ImageDefaults.commandLine(config)).containsExactly("/entry", "serve");
    assertThat(config.user()).isEqualTo("web");
    assertThat(config.workingDir()).isEqualTo("/srv");
    assertThat(config.stopSignal()).isEqualTo("SIGINT");
    assertThat(config.hostname()).isEqualTo("drawn");
    assertThat(config.exposedPorts()).containsKey("80/tcp");
    assertThat(config.volumes()).containsKey("/data");
  }

  @Test
  void aCommandReplacesTheImagesCommandAlone() {
    assertThat(ImageDefaults.commandLine(merged("{\"Cmd\":[\"-v\"]}")))
        .containsExactly("/entry", "-v");
  }

  @Test
  void anEntrypointMakesTheImagesCommandMeaningless() {
    assertThat(ImageDefaults.commandLine(merged("{\"Entrypoint\":[\"sh\"]}")))
        .containsExactly("sh");
  }

  @Test
  void anEmptyEntrypointTakesTheImagesAway() {
    assertThat(ImageDefaults.commandLine(merged("{\"Entrypoint\":[\"\"],\"Cmd\":[\"ls\"]}")))
        .containsExactly("ls");
  }

  @Test
  void variablesAndLabelsAreReplacedOneByOne() {
    ContainerConfig config = merged("{\"Env\":[\"A=own\"],\"Labels\":{\"a\":\"own\"}}");

    assertThat(config.env()).containsExactly("A=own", "B=image");
    assertThat(config.labels()).isEqualTo(Map.of("a", "own", "b", "image"));
  }

  @Test
  void nothingToRunIsRefused() {
    ContainerConfig asked = Json.lean().read(ContainerConfig.class, "{\"Image\":\"x\"}");

    assertThatThrownBy(() -> ImageDefaults.merge(asked, RunConfig.EMPTY, null))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessage("no command specified");
  }

  @Test
  void aBareNameTakesAVariableAway() {
    assertThat(Environment.of("h", true, List.of("PATH=/bin", "TERM"), "/root"))
        .containsExactly("PATH=/bin", "HOSTNAME=h", "HOME=/root");
  }
}
