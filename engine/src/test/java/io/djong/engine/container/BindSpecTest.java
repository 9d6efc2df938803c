package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BindSpecTest {
  @Test
  void aFolderOfTheHost() {
    BindSpec spec = BindSpec.parse("/a/../b:/c/:ro,rslave");

    assertThat(spec.source()).isEqualTo("/b");
    assertThat(spec.destination()).isEqualTo("/c");
    assertThat(spec.readOnly()).isTrue();
    assertThat(spec.propagation()).isEqualTo("rslave");
  }

  @Test
  void aVolumeWithAndWithoutAName() {
    assertThat(BindSpec.parse("data:/c").source()).isEqualTo("data");
    assertThat(BindSpec.parse("/c").source()).isEmpty();
    assertThat(BindSpec.parse("data:/c:nocopy").noCopy()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", "a:", ":/b", "a:b:c:d", "/a:/", "/a:/b/..", "v:relative", "/a:/b:"})
  void whatMakesNoSenseIsRefused(String text) {
    assertThatThrownBy(() -> BindSpec.parse(text))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageStartingWith("invalid volume specification: '" + text + "'");
  }

  @Test
  void anUnknownModeIsRefused() {
    assertThatThrownBy(() -> BindSpec.parse("/a:/b:zz")).hasMessage("invalid mode: zz");
  }
}
