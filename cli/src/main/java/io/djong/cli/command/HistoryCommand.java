package io.djong.cli.command;

import io.djong.api.ImageHistory;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Listing;
import io.djong.cli.format.Sizes;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Shows how an image came to be, the newest step first.
public final class HistoryCommand implements Command {
  private static final int STEP_WIDTH = 45;

  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] IMAGE", "Show the history of an image", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("format", "", "string", "'table', 'table TEMPLATE', 'json', or a Go template")
        .toggle("human", "H", "Print sizes and dates in human readable format (default true)")
        .toggle("no-trunc", "", "Don't truncate output")
        .toggle("quiet", "q", "Only show image IDs");
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    boolean whole = given.is("no-trunc");
    boolean human = !given.has("human") || given.is("human");
    Listing listing =
        new Listing(
            Texts.headings(
                "ID",
                "IMAGE",
                "CreatedSince",
                "CREATED",
                "CreatedAt",
                "CREATED AT",
                "CreatedBy",
                "CREATED BY",
                "Size",
                "SIZE",
                "Comment",
                "COMMENT"),
            List.of("ID", human ? "CreatedSince" : "CreatedAt", "CreatedBy", "Size", "Comment"));
    for (ImageHistory step : call.engine().history(given.argument(0))) {
      String by = step.createdBy().replace('\t', ' ');
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("ID", step.id().startsWith("<") ? step.id() : Texts.id(step.id(), whole));
      row.put("CreatedAt", Instant.ofEpochSecond(step.created()).toString());
      row.put("CreatedSince", step.created() <= 0 ? "N/A" : Texts.ago(step.created()));
      row.put("CreatedBy", whole ? by : Texts.cut(by, STEP_WIDTH));
      row.put("Size", human ? Sizes.decimal(step.size()) : String.valueOf(step.size()));
      row.put("Comment", step.comment());
      listing.add(row);
    }
    call.console().out().print(listing.text(given.text("format"), given.is("quiet") ? "ID" : null));
    return 0;
  }
}
