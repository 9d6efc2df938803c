package io.djong.cli.command;

import io.djong.api.ContainerInspect;
import io.djong.api.ContainerSummary;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Listing;
import io.djong.cli.format.Sizes;
import io.djong.cli.format.Visible;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists containers.
public final class PsCommand implements Command {
  private static final int COMMAND_WIDTH = 20;

  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "List containers", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("all", "a", "Show all containers (default shows just running)")
        .value("filter", "f", "filter", "Filter output based on conditions provided")
        .value("format", "", "string", "'table', 'table TEMPLATE', 'json', or a Go template")
        .value("last", "n", "int", "Show n last created containers (includes all states)")
        .toggle("latest", "l", "Show the latest created container (includes all states)")
        .toggle("no-trunc", "", "Don't truncate output")
        .toggle("quiet", "q", "Only display container IDs")
        .toggle("size", "s", "Display total file sizes");
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    Integer last = given.number("last");
    int limit = given.is("latest") ? 1 : last == null ? -1 : last;
    String format = given.text("format");
    boolean size = given.is("size") || (format != null && format.contains(".Size"));
    Listing listing = new Listing(headings(), columns(given.is("size")));
    for (ContainerSummary container :
        call.engine().containers(given.is("all"), limit, size, given.filters())) {
      listing.add(row(container, given.is("no-trunc")));
    }
    call.console().out().print(listing.text(format, given.is("quiet") ? "ID" : null));
    return 0;
  }

  private static Map<String, String> headings() {
    return Texts.headings(
        "ID",
        "CONTAINER ID",
        "Image",
        "IMAGE",
        "Command",
        "COMMAND",
        "CreatedAt",
        "CREATED AT",
        "RunningFor",
        "CREATED",
        "State",
        "STATE",
        "Status",
        "STATUS",
        "Ports",
        "PORTS",
        "Names",
        "NAMES",
        "Size",
        "SIZE",
        "Labels",
        "LABELS",
        "Mounts",
        "MOUNTS",
        "LocalVolumes",
        "LOCAL VOLUMES",
        "Networks",
        "NETWORKS");
  }

  private static List<String> columns(boolean size) {
    return size
        ? List.of("ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names", "Size")
        : List.of("ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names");
  }

  private static Map<String, Object> row(ContainerSummary container, boolean whole) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(
        "Command",
        quoted(whole ? container.command() : Texts.cut(container.command(), COMMAND_WIDTH)));
    row.put("CreatedAt", Texts.local(container.created()));
    row.put("ID", Texts.id(container.id(), whole));
    row.put("Image", image(container, whole));
    Texts.labels(row, container.labels());
    int volumes = 0;
    List<String> mounts = new ArrayList<>();
    for (ContainerInspect.Mount mount : container.mounts()) {
      String name = mount.name();
      if (name != null && "volume".equals(mount.type())) {
        volumes++;
        mounts.add(whole ? name : Texts.cut(name, 15));
      } else {
        mounts.add(whole ? mount.source() : Texts.cut(mount.source(), 15));
      }
    }
    row.put("LocalVolumes", String.valueOf(volumes));
    row.put("Mounts", String.join(",", mounts));
    row.put("Names", names(container.names(), whole));
    row.put("Networks", String.join(",", container.networkSettings().networks().keySet()));
    row.put("Ports", ports(container.ports()));
    row.put("RunningFor", Texts.ago(container.created()));
    row.put("Size", size(container));
    row.put("State", container.state());
    row.put("Status", container.status());
    return row;
  }

  private static String quoted(String command) {
    return '"' + Visible.of(command.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
  }

  private static String image(ContainerSummary container, boolean whole) {
    if (container.image().isEmpty()) {
      return "<no image>";
    }
    return container.image().startsWith("sha256:")
        ? Texts.id(container.image(), whole)
        : container.image();
  }

  private static String names(List<String> names, boolean whole) {
    List<String> shown = new ArrayList<>();
    for (String name : names) {
      String bare = name.startsWith("/") ? name.substring(1) : name;
      if (whole || bare.indexOf('/') < 0) { // The others are links from other containers.
        shown.add(bare);
      }
    }
    return String.join(",", shown);
  }

  private static String ports(List<ContainerSummary.Port> ports) {
    List<String> shown = new ArrayList<>();
    for (ContainerSummary.Port port : ports) {
      Integer published = port.publicPort();
      String ip = port.ip();
      String inside = port.privatePort() + "/" + port.type();
      if (published == null || published == 0 || ip == null) {
        shown.add(inside);
      } else {
        shown.add((ip.contains(":") ? "[" + ip + "]" : ip) + ":" + published + "->" + inside);
      }
    }
    shown.sort(null);
    return String.join(", ", shown);
  }

  private static String size(ContainerSummary container) {
    Long own = container.sizeRw();
    Long all = container.sizeRootFs();
    String text = Sizes.decimal(own == null ? 0 : own);
    return all == null || all == 0 ? text : text + " (virtual " + Sizes.decimal(all) + ")";
  }
}
