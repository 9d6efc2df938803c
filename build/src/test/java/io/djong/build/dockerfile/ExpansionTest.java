package io.djong.build.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Variables and quotes, as the Dockerfile reference has them.
final class ExpansionTest {
  private static final Map<String, String> VALUES =
      Map.of("a", "one", "empty", "", "path", "/usr/lib/x.tar.gz", "s", "b c", "n", "foobarbar");

  private static String expand(String word) {
    return Expansion.ofWords('\\', Variables.of(VALUES)).word(word);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "$a|one",
        "${a}x|onex",
        "$ax|",
        "x$|x$",
        "\\$a|$a",
        "'$a'|$a",
        "\"$a\"|one",
        "\"\\$a\\x\"|$a\\x",
        "${none:-d}|d",
        "${empty:-d}|d",
        "${empty-d}|",
        "${none-$a}|one",
        "${a:+set}|set",
        "${empty:+set}|",
        "${empty+set}|set",
        "${none:+set}|",
        "${a:?no}|one",
        "${none:-${none:-${a}}}|one",
        "${path#*/}|usr/lib/x.tar.gz",
        "${path##*/}|x.tar.gz",
        "${path%.*}|/usr/lib/x.tar",
        "${path%%.*}|/usr/lib/x",
        "${path#nothing}|/usr/lib/x.tar.gz",
        "${n/bar/baz}|foobazbar",
        "${n//bar/baz}|foobazbaz",
        "${n/b?r/-}|foo-bar",
        "${n//[/x}|foobarbar",
        "a'b c'd|ab cd",
        "\"a b\"|a b",
      })
  void aWordIsExpanded(String word, String expected) {
    assertThat(expand(word)).isEqualTo(expected == null ? "" : expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "${a|syntax error: missing '}'",
        "${|syntax error: missing '}'",
        "${}|syntax error: bad substitution",
        "${:x}|syntax error: bad substitution",
        "${a:x}|unsupported modifier (:x) in substitution",
        "${a!}|unsupported modifier (!) in substitution",
        "${none:?}|none: not allowed to be unset",
        "${empty:?}|empty: not allowed to be empty",
        "${none:?give me one}|none: give me one",
        "'a|unexpected end of statement while looking for matching single-quote",
        "\"a|unexpected end of statement while looking for matching double-quote",
      })
  void whatMakesNoSenseIsRefused(String word, String message) {
    assertThatThrownBy(() -> expand(word)).isInstanceOf(Fault.Invalid.class).hasMessage(message);
  }

  @Test
  void aVariableMayBecomeSeveralWordsUnlessItIsQuoted() {
    Expansion expansion = Expansion.ofWords('\\', Variables.of(VALUES));

    assertThat(expansion.words("$s \"$s\" $none x")).containsExactly("b", "c", "b c", "x");
  }

  @Test
  void documentsKeepTheirQuotes() {
    Expansion expansion = Expansion.ofDocuments('\\', Variables.of(VALUES));

    assertThat(expansion.word("'$a' \"${a}\" \\$a it's\n")).isEqualTo("'one' \"one\" \\$a it's\n");
  }

  @Test
  void namesWithoutValueAreRemembered() {
    Expansion expansion = Expansion.ofWords('\\', Variables.of(VALUES));
    expansion.word("$a$b${c}${d:-x}");

    assertThat(expansion.missing()).containsExactly("b", "c");
  }

  @Test
  void substitutionsInsideOfEachOtherHaveAnEnd() {
    String deep = "${x:-".repeat(10_000) + "}".repeat(10_000);

    assertThatThrownBy(() -> expand(deep)).isInstanceOf(Fault.Invalid.class);
  }
}
