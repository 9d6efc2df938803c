package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.engine.container.SubordinateIds.Span;
import io.djong.linux.IdMapping.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SubordinateIdsTest {
  @Test
  void aUserHasTheIdsOfItsLinesInTheirOrder() {
    SubordinateIds ids =
        new SubordinateIds(
            """
            # a remark
            djong:300000:65536
            djongo:1:1
            1000:500000:10
            djong:100000:1000
            djong:x:1
            djong:0:65536
            djong:-5:3
            djong:4294967290:100
            djong:1
            """);

    assertThat(ids.of("djong")).containsExactly(new Span(300000, 65536), new Span(100000, 1000));
    assertThat(ids.of("1000")).containsExactly(new Span(500000, 10));
    assertThat(ids.of("nobody")).isEmpty();
  }

  @Test
  void allSpansOfAUserAreMappedOneBehindTheOther() {
    assertThat(SubordinateIds.mapped(List.of(new Span(300, 10), new Span(100, 5))))
        .containsExactly(new Range(0, 300, 10), new Range(10, 100, 5));
  }

  @Test
  void theFirstPlaceThatIsLargeEnoughIsGiven() {
    List<Span> pool = List.of(new Span(100, 50), new Span(1000, 200));
    List<Span> taken = List.of(new Span(130, 5), new Span(100, 10), new Span(1000, 100));

    assertThat(SubordinateIds.free(pool, taken, 20)).isEqualTo(new Range(0, 110, 20));
    assertThat(SubordinateIds.free(pool, taken, 15)).isEqualTo(new Range(0, 110, 15));
    assertThat(SubordinateIds.free(pool, taken, 21)).isEqualTo(new Range(0, 1100, 21));
    assertThat(SubordinateIds.free(pool, taken, 100)).isEqualTo(new Range(0, 1100, 100));
    assertThat(SubordinateIds.free(pool, taken, 101)).isNull();
    assertThat(SubordinateIds.free(List.of(), List.of(), 1)).isNull();
  }
}
