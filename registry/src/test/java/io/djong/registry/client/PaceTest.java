package io.djong.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Over how many connections a blob comes.
class PaceTest {
  private static final long SECOND = 1_000_000_000;

  private long now;
  private long arrived;
  private final Pace pace = new Pace(() -> now, 4);

  /// A second in which so much came, and the reader waited a part of it.
  private int second(long bytes, double waited) {
    now += SECOND;
    arrived += bytes;
    pace.waited((long) (waited * SECOND));
    return pace.connections(arrived);
  }

  @Test
  void whoWaitsForBytesGetsMoreConnectionsAsLongAsTheyBringMore() {
    assertThat(second(10, 0.9)).isEqualTo(2);
    assertThat(second(12, 0.9)).isEqualTo(2);
    assertThat(second(20, 0.9)).isEqualTo(3);
    assertThat(second(22, 0.9)).isEqualTo(3);
    assertThat(second(30, 0.9)).isEqualTo(4);
    assertThat(second(32, 0.9)).isEqualTo(4);
    assertThat(second(40, 0.9)).isEqualTo(4);
  }

  @Test
  void aConnectionThatBringsNothingGoesAndNoneFollows() {
    assertThat(second(10, 0.9)).isEqualTo(2);
    assertThat(second(10, 0.9)).isEqualTo(2);
    assertThat(second(11, 0.9)).isEqualTo(1);
    assertThat(second(100, 1)).isEqualTo(1);
  }

  @Test
  void aReaderThatIsSlowerThanTheServerHasOne() {
    for (int i = 0; i < 10; i++) {
      assertThat(second(10, 0.4)).isEqualTo(1);
    }
  }

  @Test
  void aMomentSaysNothing() {
    now += SECOND / 10;
    pace.waited(SECOND / 10);
    assertThat(pace.connections(1)).isEqualTo(1);
  }

  @Test
  void whoMayHaveFewerDoesNotAskAgain() {
    assertThat(second(10, 0.9)).isEqualTo(2);
    pace.fewer(1);
    assertThat(second(100, 0.9)).isEqualTo(1);
    assertThat(second(200, 0.9)).isEqualTo(1);
  }
}
