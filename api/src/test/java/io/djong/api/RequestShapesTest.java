package io.djong.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import org.junit.jupiter.api.Test;

class RequestShapesTest {
  @Test
  void propertyNamesOfRequestsMayBeInAnyCaseAsGoReadsThem() {
    ExecCreate exec =
        Json.full()
            .read(ExecCreate.class, "{\"detachKeys\":\"ctrl-p\",\"TTY\":true,\"Cmd\":[\"a\"]}");
    HostConfig host =
        Json.full().read(HostConfig.class, "{\"logconfig\":{\"type\":\"none\"},\"ShmSize\":7}");

    assertThat(exec.detachKeys()).isEqualTo("ctrl-p");
    assertThat(exec.tty()).isTrue();
    assertThat(host.logConfig().type()).isEqualTo("none");
    assertThat(host.shmSize()).isEqualTo(7);
  }
}
