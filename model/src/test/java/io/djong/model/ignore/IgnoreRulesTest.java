package io.djong.model.ignore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Docker's rules for ignore files.
final class IgnoreRulesTest {
  private static boolean ignores(String rules, String path) {
    return IgnoreRules.parse(rules.replace(";", "\n").getBytes(UTF_8)).ignores(path);
  }

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, a/b, true",
    "a, b/a, false",
    "/a/, a/b, true",
    "./a//b/../c, a/c, true",
    "*.md, x.md, true",
    "*.md, d/x.md, false",
    "*/x, d/x, true",
    "**/x, x, true",
    "**/x, a/b/x, true",
    "**/x, a/bx, false",
    "a/**, a/b/c, true",
    "a/**, a, false",
    "a/**/z, a/z, true",
    "a/**/z, a/b/c/z, true",
    "a/**/z, a/bz, false",
    "**, anything/at/all, true",
    "a**b, ab, true",
    "a**b, ax/b, true",
    "x?z, xyz, true",
    "x?z, x/z, false",
    "[a-c]x, bx, true",
    "[^a-c]x, bx, false",
    "\\*, *, true",
    "\\*, x, false",
    "a;!a/b, a/b, false",
    "a;!a/b, a/b/c, false",
    "a;!a/b, a/c, true",
    "*;!d/e, d/e/f, false",
    "!a;a, a, true",
    "*.md;!README*.md;README-x.md, README-x.md, true",
    "*.md;!README*.md;README-x.md, README-y.md, false",
    "# a, a, false",
    "' ', a, false",
  })
  void aPathIsIgnoredOrNot(String rules, String path, boolean expected) {
    assertThat(ignores(rules, path)).isEqualTo(expected);
  }

  @Test
  void patternsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> ignores("[a", "x")).isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(() -> ignores("!", "x")).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aHostilePatternTakesNoTime() {
    String pattern = "**/a".repeat(500) + "b";
    String path = "a/".repeat(2000) + "c";

    assertThat(ignores(pattern, path)).isFalse();
  }
}
