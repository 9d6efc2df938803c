package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.linux.IdMapping;
import io.djong.linux.IdMapping.Range;
import io.djong.model.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerMappingTest {
  @Test
  void whatIsWrittenIsReadAgain() {
    IdMapping mapping =
        new IdMapping(
            List.of(new Range(0, 100000, 10), new Range(10, 5, 7)), List.of(new Range(0, 9, 1)));

    assertThat(OwnerMapping.parse(OwnerMapping.text(mapping))).isEqualTo(mapping);
  }

  @Test
  void usersAndGroupsHaveRangesOfTheirOwnOrTheSame() {
    IdMapping both = OwnerMapping.parse("uids=0-1000-10#5000-0-1;gids=0-7-1");
    IdMapping one = OwnerMapping.parse("gids=0-7-1");

    assertThat(both.users()).containsExactly(new Range(0, 1000, 10), new Range(5000, 0, 1));
    assertThat(both.groups()).containsExactly(new Range(0, 7, 1));
    assertThat(one.users()).isEqualTo(one.groups());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "uids",
        "uids=",
        "uids=1-2",
        "uids=1-2-0",
        "uids=a-b-c",
        "uids=-1-2-3",
        "uids=0-4294967290-100",
        "uids=0-0-10#5-100-1",
        "uids=0-0-10#50-5-1",
        "uids=0-0-1;uids=0-0-1",
        "pids=0-0-1"
      })
  void whatIsNoMappingIsRefused(String text) {
    assertThatThrownBy(() -> OwnerMapping.parse(text))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("invalid idmap");
  }
}
