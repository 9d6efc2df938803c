package io.djong.cli.command;

import io.djong.api.EventMessage;
import io.djong.api.JsonLines;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Template;
import io.djong.model.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Shows what happens, as it happens.
public final class EventsCommand implements Command {
  private static final long NANOS = 1_000_000_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnnXXX", Locale.ROOT);

  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "Get real time events from the server", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("filter", "f", "filter", "Filter output based on conditions provided")
        .value("format", "", "string", "'json' or a Go template")
        .value("since", "", "string", "Show all events created since timestamp")
        .value("until", "", "string", "Stream events until this timestamp");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    String format = given.text("format");
    Template template =
        format == null
            ? null
            : Template.parse(format.equals("json") ? "{{json .}}" : format, false);
    try (JsonLines<EventMessage> events =
        call.engine()
            .events(
                Moment.toApi("since", given.text("since")),
                Moment.toApi("until", given.text("until")),
                given.filters())) {
      for (EventMessage event; (event = events.next()) != null; ) {
        call.console().print(template == null ? line(event) : template.apply(tree(event)));
        if (call.console().out().checkError()) { // This flushes too: a reader may be gone.
          return 1;
        }
      }
    }
    return 0;
  }

  private static String line(EventMessage event) {
    StringBuilder attributes = new StringBuilder();
    for (Map.Entry<String, String> attribute :
        new TreeMap<>(event.actor().attributes()).entrySet()) {
      attributes
          .append(attributes.isEmpty() ? "" : ", ")
          .append(attribute.getKey())
          .append('=')
          .append(attribute.getValue());
    }
    return TIME.format(
            Instant.ofEpochSecond(event.timeNano() / NANOS, event.timeNano() % NANOS)
                .atZone(ZoneId.systemDefault()))
        + " "
        + event.type()
        + " "
        + event.action()
        + " "
        + event.actor().id()
        + (attributes.isEmpty() ? "" : " (" + attributes + ")");
  }

  private static Object tree(EventMessage event) {
    return Json.full().readTree(Json.lean().write(event));
  }
}
