package io.djong.cli.command;

import io.djong.api.PastBuild;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Listing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Lists the last builds.
public final class BuildsCommand implements Command {
  private static final int SHORT = 12;

  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "List the last builds", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("format", "", "string", "'table', 'table TEMPLATE', 'json', or a Go template")
        .toggle("no-trunc", "", "Don't truncate output")
        .toggle("quiet", "q", "Only show the IDs");
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    boolean whole = given.is("no-trunc");
    Listing listing =
        new Listing(
            Texts.headings(
                "ID",
                "BUILD ID",
                "Names",
                "NAMES",
                "State",
                "STATE",
                "Began",
                "BEGAN",
                "Duration",
                "DURATION",
                "Image",
                "IMAGE",
                "Error",
                "ERROR"),
            List.of("ID", "Names", "State", "Began", "Duration", "Image"));
    for (PastBuild build : call.engine().builds()) {
      Map<String, Object> row = new LinkedHashMap<>();
      Instant began = Instant.parse(build.began());
      String image = build.image();
      row.put("ID", whole ? build.id() : build.id().substring(0, SHORT));
      row.put("Names", build.names().isEmpty() ? "<none>" : String.join(",", build.names()));
      row.put("State", build.state());
      row.put("Began", Texts.ago(began.getEpochSecond()));
      row.put("Duration", duration(began, build.ended()));
      row.put("Image", image == null ? "" : Texts.id(image, whole));
      row.put("Error", build.error() == null ? "" : String.valueOf(build.error()));
      listing.add(row);
    }
    call.console().out().print(listing.text(given.text("format"), given.is("quiet") ? "ID" : null));
    return 0;
  }

  private static String duration(Instant began, @org.jspecify.annotations.Nullable String ended) {
    if (ended == null) {
      return "";
    }
    long millis = Duration.between(began, Instant.parse(ended)).toMillis();
    return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
  }
}
