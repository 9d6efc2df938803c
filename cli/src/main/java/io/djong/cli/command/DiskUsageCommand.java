package io.djong.cli.command;

import io.djong.api.ContainerSummary;
import io.djong.api.DiskUsage;
import io.djong.api.ImageSummary;
import io.djong.api.VolumeInspect;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.format.Listing;
import io.djong.cli.format.Sizes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Shows what takes how much space.
public final class DiskUsageCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "Show disk usage", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags.value("format", "", "string", "'table', 'table TEMPLATE', 'json', or a Go template");
  }

  @Override
  public int run(Call call) throws IOException {
    DiskUsage usage = call.engine().diskUsage();
    Listing listing =
        new Listing(
            Texts.headings(
                "Type",
                "TYPE",
                "TotalCount",
                "TOTAL",
                "Active",
                "ACTIVE",
                "Size",
                "SIZE",
                "Reclaimable",
                "RECLAIMABLE"),
            List.of("Type", "TotalCount", "Active", "Size", "Reclaimable"));
    List<ImageSummary> images = usage.images();
    List<ContainerSummary> containers = usage.containers();
    List<VolumeInspect> volumes = usage.volumes();
    addImages(listing, images == null ? List.of() : images, usage.layersSize());
    addContainers(listing, containers == null ? List.of() : containers);
    addVolumes(listing, volumes == null ? List.of() : volumes);
    call.console().out().print(listing.text(call.given().text("format"), null));
    return 0;
  }

  private static void addImages(Listing listing, List<ImageSummary> images, long size) {
    int active = 0;
    long used = 0;
    for (ImageSummary image : images) {
      if (image.containers() > 0) {
        active++;
        used += image.size() - Math.max(0, image.sharedSize());
      }
    }
    add(listing, "Images", images.size(), active, size, Math.max(0, size - used));
  }

  private static void addContainers(Listing listing, List<ContainerSummary> containers) {
    int active = 0;
    long size = 0;
    long free = 0;
    for (ContainerSummary container : containers) {
      Long own = container.sizeRw();
      long bytes = own == null ? 0 : own;
      size += bytes;
      if (container.state().equals("running") || container.state().equals("paused")) {
        active++;
      } else {
        free += bytes;
      }
    }
    add(listing, "Containers", containers.size(), active, size, free);
  }

  private static void addVolumes(Listing listing, List<VolumeInspect> volumes) {
    int active = 0;
    long size = 0;
    long free = 0;
    for (VolumeInspect volume : volumes) {
      VolumeInspect.Usage usage = volume.usageData();
      long bytes = usage == null ? 0 : Math.max(0, usage.size());
      size += bytes;
      if (usage != null && usage.refCount() > 0) {
        active++;
      } else {
        free += bytes;
      }
    }
    add(listing, "Local Volumes", volumes.size(), active, size, free);
  }

  private static void add(
      Listing listing, String type, int count, int active, long size, long free) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("Active", String.valueOf(active));
    row.put("Reclaimable", Sizes.precise(free) + (size > 0 ? " (" + free * 100 / size + "%)" : ""));
    row.put("Size", Sizes.precise(size));
    row.put("TotalCount", String.valueOf(count));
    row.put("Type", type);
    listing.add(row);
  }
}
