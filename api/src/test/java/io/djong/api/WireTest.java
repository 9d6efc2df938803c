package io.djong.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final byte[] CREATE =
      """
      {"Image":"busybox","Cmd":["true"],"Env":null,"Volumes":{"/x":{}},"Labels":{"a":"b"},
       "HostConfig":{"Memory":1048576,"NetworkMode":"none","PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]}},
       "NetworkingConfig":{"EndpointsConfig":{"bridge":{"Aliases":["x"],"IPAMConfig":{"IPv4Address":"1.2.3.4"}}}}}
      """
          .getBytes(UTF_8);

  @Test
  void aCreateRequestHoldsTheConfigurationAndWhatStandsBesideIt() {
    ContainerCreate create = ContainerCreate.read(CREATE);

    assertThat(create.config().image()).isEqualTo("busybox");
    assertThat(create.config().cmd()).containsExactly("true");
    HostConfig host = Objects.requireNonNull(create.hostConfig());
    assertThat(host.memory()).isEqualTo(1 << 20);
    assertThat(host.portBindings().get("80/tcp"))
        .singleElement()
        .satisfies(binding -> assertThat(binding.hostPort()).isEqualTo("8080"));
    assertThat(Objects.requireNonNull(create.networkingConfig()).endpointsConfig())
        .containsKey("bridge");
  }

  @Test
  void aCreateRequestSurvivesBeingWrittenAndReadAgain() {
    ContainerCreate create = ContainerCreate.read(CREATE);

    assertThat(ContainerCreate.read(create.write())).isEqualTo(create);
  }

  @Test
  void aCommandMayBeOneWord() {
    ContainerCreate create =
        ContainerCreate.read("{\"Image\":\"busybox\",\"Cmd\":\"true\"}".getBytes(UTF_8));

    assertThat(create.config().cmd()).containsExactly("true");
  }

  @Test
  void propertiesHaveDockersNames() {
    SystemInfo.Swarm swarm = SystemInfo.Swarm.INACTIVE;
    ContainerSummary.Port port = new ContainerSummary.Port("0.0.0.0", 80, 8080, "tcp");

    assertThat(Json.full().writeText(swarm)).contains("\"NodeID\":\"\"", "\"RemoteManagers\":null");
    assertThat(Json.full().writeText(port))
        .isEqualTo("{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,\"PublicPort\":8080,\"Type\":\"tcp\"}");
    assertThat(Json.full().writeText(List.of(port))).startsWith("[{\"IP\"");
    assertThat(Json.full().writeText(Map.of("label", List.of("a=b"))))
        .isEqualTo("{\"label\":[\"a=b\"]}");
  }

  @Test
  void aFilesStatusSurvivesTheHeader() {
    PathStat stat = new PathStat("etc", 4096, (1L << 31) | 0755, "2026-11-22T08:00:00Z", "");

    assertThat(PathStat.decode(stat.encode())).isEqualTo(stat);
    assertThat(stat.isDirectory()).isTrue();
  }
}
