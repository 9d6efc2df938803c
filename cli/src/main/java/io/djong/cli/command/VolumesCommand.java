package io.djong.cli.command;

import io.djong.api.VolumeInspect;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.format.Listing;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists volumes.
public final class VolumesCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "List volumes", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("filter", "f", "filter", "Provide filter values (e.g. \"dangling=true\")")
        .value("format", "", "string", "'table', 'table TEMPLATE', 'json', or a Go template")
        .toggle("quiet", "q", "Only display volume names");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Listing listing =
        new Listing(
            Texts.headings(
                "Driver",
                "DRIVER",
                "Name",
                "VOLUME NAME",
                "Scope",
                "SCOPE",
                "Mountpoint",
                "MOUNTPOINT",
                "Labels",
                "LABELS"),
            List.of("Driver", "Name"));
    for (VolumeInspect volume : call.engine().volumes(call.given().filters()).volumes()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("Driver", volume.driver());
      Texts.labels(row, volume.labels());
      row.put("Mountpoint", volume.mountpoint());
      row.put("Name", volume.name());
      row.put("Scope", volume.scope());
      listing.add(row);
    }
    call.console()
        .out()
        .print(listing.text(call.given().text("format"), call.given().is("quiet") ? "Name" : null));
    return 0;
  }
}
