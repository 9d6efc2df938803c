package io.djong.cli.command;

import io.djong.api.RegistryLogins;
import io.djong.api.SearchResult;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Table;
import java.io.IOException;
import java.util.List;

/// Looks for repositories on a registry.
public final class SearchCommand implements Command {
  private static final int MAX_DESCRIPTION = 45;

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] TERM", "Search a registry for images (HOST/TERM asks that registry)", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("limit", "", "int", "Max number of search results")
        .toggle("no-trunc", "", "Don't truncate output");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    String term = given.argument(0);
    int slash = term.indexOf('/');
    String auth =
        RegistryLogins.ofUser()
            .header(RegistryLogins.host(slash < 0 ? "" : term.substring(0, slash)));
    List<SearchResult> results = call.engine().search(term, given.text("limit"), auth);
    Table table = new Table();
    table.addLine("NAME\tDESCRIPTION\tSTARS\tOFFICIAL");
    for (SearchResult result : results) {
      String description = plain(result.description());
      if (!given.is("no-trunc") && description.length() > MAX_DESCRIPTION) {
        description = description.substring(0, MAX_DESCRIPTION - 1) + "…";
      }
      table.addLine(
          plain(result.name())
              + "\t"
              + description
              + "\t"
              + result.starCount()
              + "\t"
              + (result.official() ? "[OK]" : ""));
    }
    call.console().out().print(table);
    return 0;
  }

  /// On one line, without what would move a terminal's cursor.
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      plain.append(Character.isISOControl(text.charAt(i)) ? ' ' : text.charAt(i));
    }
    return plain.toString();
  }
}
