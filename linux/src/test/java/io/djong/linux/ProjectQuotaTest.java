package io.djong.linux;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProjectQuotaTest {
  @Test
  void whereQuotasAreOffTheKernelSaysSo() {
    assertThatThrownBy(() -> ProjectQuota.limit(Path.of("/dev/shm"), 1 << 20))
        .isInstanceOf(KernelException.class);
  }
}
