package io.djong.cli.command;

import io.djong.api.NetworkInspect;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Listing;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists networks.
public final class NetworksCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "List networks", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("filter", "f", "filter", "Provide filter values (e.g. \"driver=bridge\")")
        .value("format", "", "string", "'table', 'table TEMPLATE', 'json', or a Go template")
        .toggle("no-trunc", "", "Do not truncate the output")
        .toggle("quiet", "q", "Only display network IDs");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    Listing listing =
        new Listing(
            Texts.headings(
                "ID",
                "NETWORK ID",
                "Name",
                "NAME",
                "Driver",
                "DRIVER",
                "Scope",
                "SCOPE",
                "IPv4",
                "IPV4",
                "IPv6",
                "IPV6",
                "Internal",
                "INTERNAL",
                "Labels",
                "LABELS",
                "CreatedAt",
                "CREATED AT"),
            List.of("ID", "Name", "Driver", "Scope"));
    for (NetworkInspect network : call.engine().networks(given.filters())) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("CreatedAt", network.created());
      row.put("Driver", network.driver());
      row.put("ID", Texts.id(network.id(), given.is("no-trunc")));
      row.put("IPv4", String.valueOf(network.enableIpv4()));
      row.put("IPv6", String.valueOf(network.enableIpv6()));
      row.put("Internal", String.valueOf(network.internal()));
      Texts.labels(row, network.labels());
      row.put("Name", network.name());
      row.put("Scope", network.scope());
      listing.add(row);
    }
    call.console().out().print(listing.text(given.text("format"), given.is("quiet") ? "ID" : null));
    return 0;
  }
}
