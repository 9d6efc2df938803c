package io.djong.cli.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.api.Ages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsForPeopleTest {
  @ParameterizedTest
  @CsvSource({
    "0,0B",
    "999,999B",
    "1000,1kB",
    "1984000,1.98MB",
    "2064384,2.06MB",
    "126100000,126MB",
    "1500000000,1.5GB"
  })
  void sizesHaveThreeDigits(long bytes, String text) {
    assertThat(Sizes.decimal(bytes)).isEqualTo(text);
  }

  @Test
  void memoryIsCountedInPowersOf1024() {
    assertThat(Sizes.binary(25241329664L)).isEqualTo("23.51GiB");
    assertThat(Sizes.precise(1984000)).isEqualTo("1.984MB");
  }

  @ParameterizedTest
  @CsvSource({
    "0,Less than a second", "1,1 second", "59,59 seconds", "60,About a minute",
        "119,About a minute",
    "120,2 minutes", "3599,59 minutes", "3600,About an hour", "7200,2 hours", "172799,2 days",
    "172800,2 days", "1209600,2 weeks", "5184000,2 months", "63072000,2 years"
  })
  void agesAreDockersWords(long seconds, String text) {
    assertThat(Ages.of(seconds)).isEqualTo(text);
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Table table = new Table();
    table.addLine("ID\tNAMES\tEND");
    table.addLine("0123456789ab\tx\tlast");

    assertThat(table.toString())
        .isEqualTo("ID             NAMES     END\n0123456789ab   x         last\n");
  }

  @Test
  void jsonIsIndentedAndItsNumbersStay() {
    assertThat(
            JsonText.indent("[{\"a\":{},\"b\":[1.0,12345678901234567890],\"c\":\"{,:\\\"}\"},[]]"))
        .isEqualTo(
            """
            [
                {
                    "a": {},
                    "b": [
                        1.0,
                        12345678901234567890
                    ],
                    "c": "{,:\\"}"
                },
                []
            ]""");
    assertThat(JsonText.indent("[]")).isEqualTo("[]");
  }

  private static Listing listing() {
    Map<String, String> headings = new LinkedHashMap<>();
    headings.put("ID", "CONTAINER ID");
    headings.put("Names", "NAMES");
    Listing listing = new Listing(headings, List.of("ID", "Names"));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("ID", "42");
    row.put("Names", "one");
    listing.add(row);
    return listing;
  }

  @Test
  void listsAreTablesUnlessTheUserSaysOtherwise() {
    assertThat(listing().text(null, null)).isEqualTo("CONTAINER ID   NAMES\n42             one\n");
    assertThat(listing().text("table", null)).isEqualTo(listing().text(null, null));
    assertThat(listing().text("table {{.Names}}\\t{{.ID}}", null))
        .isEqualTo("NAMES     CONTAINER ID\none       42\n");
    assertThat(listing().text("{{.ID}}={{.Names}}", null)).isEqualTo("42=one\n");
    assertThat(listing().text("json", null)).isEqualTo("{\"ID\":\"42\",\"Names\":\"one\"}\n");
    assertThat(listing().text(null, "ID")).isEqualTo("42\n");
  }

  @Test
  void noCellOfATableMovesTheCursor() {
    Table table = new Table();
    table.addLine("a\u001b[2Jb\tc\u009bd\u2028e\u202ef");
    assertThat(table.toString()).isEqualTo("a\\x1b[2Jb   c\\x9bd\\u2028e\\u202ef\n");
    assertThat(Visible.of("Żółw, 船 and 🚢")).isEqualTo("Żółw, 船 and 🚢");
  }
}
