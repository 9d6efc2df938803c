package io.djong.cli.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlagsTest {
  private static Given given(boolean endAtFirst, String... words) {
    return new Flags()
        .toggle("interactive", "i", "")
        .toggle("tty", "t", "")
        .toggle("rm", "", "")
        .value("env", "e", "list", "")
        .value("name", "", "string", "")
        .value("memory", "m", "bytes", "")
        .value("time", "", "int", "")
        .value("filter", "f", "filter", "")
        .parse(List.of(words), endAtFirst);
  }

  @Test
  void clustersOfLettersAreSeveralSwitches() {
    Given given = given(true, "-it", "image");

    assertThat(given.is("interactive")).isTrue();
    assertThat(given.is("tty")).isTrue();
    assertThat(given.arguments()).containsExactly("image");
  }

  @Test
  void theLastLetterOfAClusterMayHaveAValue() {
    assertThat(given(true, "-iteA=b", "x").text("env")).isEqualTo("A=b");
    assertThat(given(true, "-ite", "A=b", "x").text("env")).isEqualTo("A=b");
  }

  @Test
  void valuesStandBehindABlankOrAnEqualsSign() {
    Given given = given(true, "--name", "a", "--env=B=c", "-e=D", "image");

    assertThat(given.text("name")).isEqualTo("a");
    assertThat(given.all("env")).containsExactly("B=c", "D");
  }

  @Test
  void switchesTakeAValueWithTheEqualsSignAlone() {
    assertThat(given(true, "--rm", "true").arguments()).containsExactly("true");
    assertThat(given(true, "--rm=false", "x").is("rm")).isFalse();
    assertThat(given(true, "--rm=false", "--rm=1", "x").is("rm")).isTrue();
    assertThatThrownBy(() -> given(true, "--rm=maybe", "x"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--rm");
  }

  @Test
  void whatFollowsTheFirstArgumentMayBelongToIt() {
    Given given = given(true, "--rm", "image", "sh", "--name", "x", "-z", "--rm=no");

    assertThat(given.arguments()).containsExactly("image", "sh", "--name", "x", "-z", "--rm=no");
    assertThat(given.has("name")).isFalse();
  }

  @Test
  void elsewhereFlagsMayStandBehindArguments() {
    Given given = given(false, "one", "-i", "two", "--name=x");

    assertThat(given.arguments()).containsExactly("one", "two");
    assertThat(given.is("interactive")).isTrue();
    assertThat(given.text("name")).isEqualTo("x");
  }

  @Test
  void nothingIsAFlagBehindTwoDashes() {
    assertThat(given(false, "-i", "--", "--rm", "-x").arguments()).containsExactly("--rm", "-x");
    assertThat(given(true, "--", "--rm").arguments()).containsExactly("--rm");
  }

  @Test
  void aSingleDashIsAnArgument() {
    assertThat(given(false, "-", "x").arguments()).containsExactly("-", "x");
  }

  @Test
  void aValueMayLookLikeAFlag() {
    Given given = given(true, "-e", "--rm", "--name", "-it", "x");

    assertThat(given.text("env")).isEqualTo("--rm");
    assertThat(given.text("name")).isEqualTo("-it");
    assertThat(given.is("rm")).isFalse();
  }

  @Test
  void quotesOfAValueStay() {
    assertThat(given(true, "-e", "\"A=b\"", "x").text("env")).isEqualTo("\"A=b\"");
  }

  @Test
  void emptyValuesAreValues() {
    assertThat(given(true, "--name", "", "x").text("name")).isEmpty();
  }

  @Test
  void unknownFlagsAreToldByName() {
    assertThatThrownBy(() -> given(true, "--bogus=1", "x")).hasMessage("unknown flag: --bogus");
    assertThatThrownBy(() -> given(true, "-iz", "x"))
        .hasMessage("unknown shorthand flag: 'z' in -iz");
    assertThatThrownBy(() -> given(true, "--name")).hasMessage("flag needs an argument: --name");
  }

  @Test
  void namesAreNotCompleted() {
    assertThatThrownBy(() -> given(true, "--inter", "x")).hasMessage("unknown flag: --inter");
  }

  @Test
  void sizesHaveUnits() {
    assertThat(given(true, "-m", "64m").bytes("memory")).isEqualTo(64L << 20);
    assertThat(given(true, "-m1.5g").bytes("memory")).isEqualTo(3L << 29);
    assertThat(given(true, "-m", "512").bytes("memory")).isEqualTo(512);
    assertThat(given(true, "--memory=2KiB").bytes("memory")).isEqualTo(2048);
    for (String wrong : List.of("64x", "-5m", "m", "", "1e99g")) {
      assertThatThrownBy(() -> given(true, "--memory=" + wrong).bytes("memory"))
          .as(wrong)
          .isInstanceOf(UsageException.class);
    }
  }

  @Test
  void numbersAreNumbers() {
    assertThat(given(true, "--time", "-1").number("time")).isEqualTo(-1);
    assertThatThrownBy(() -> given(true, "--time=x").number("time"))
        .hasMessageContaining("whole number");
  }

  @Test
  void filtersAreGroupedByName() {
    assertThat(given(false, "-f", "label=a=b", "-f", "label=c", "--filter=status=exited").filters())
        .isEqualTo(Map.of("label", List.of("a=b", "c"), "status", List.of("exited")));
    assertThatThrownBy(() -> given(false, "-f", "label").filters())
        .hasMessageContaining("name=value");
  }
}
