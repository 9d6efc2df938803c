package io.djong.cli.command;

import io.djong.api.BuildsPruned;
import io.djong.api.ContainersPruned;
import io.djong.api.ImageRemoval;
import io.djong.api.ImagesPruned;
import io.djong.api.VolumesPruned;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.Console;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Sizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Removes what is not in use, after asking.
public final class PruneCommand implements Command {
  /// What may be removed.
  public enum What {
    CONTAINERS,
    IMAGES,
    VOLUMES,
    NETWORKS,
    BUILDS
  }

  private final List<What> kinds;

  public PruneCommand(List<What> kinds) {
    this.kinds = kinds;
  }

  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "Remove what is not in use", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("all", "a", "Remove all unused images or volumes, not just those without a name")
        .value("filter", "", "filter", "Provide filter values (e.g. \"until=<timestamp>\")")
        .toggle("force", "f", "Do not prompt for confirmation")
        .toggle("volumes", "", "Prune anonymous volumes too (system prune)");
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    List<What> chosen = new ArrayList<>(kinds);
    if (given.is("volumes") && kinds.size() > 1) {
      chosen.add(What.VOLUMES);
    }
    if (!given.is("force") && !confirmed(call.console(), chosen, given.is("all"))) {
      return 0;
    }
    long reclaimed = 0;
    for (What what : chosen) {
      reclaimed += prune(call, what);
    }
    call.console().print("Total reclaimed space: " + Sizes.precise(reclaimed));
    return 0;
  }

  private static boolean confirmed(Console console, List<What> chosen, boolean all)
      throws IOException {
    console.print("WARNING! This will remove:");
    for (What what : chosen) {
      console.print(
          switch (what) {
            case CONTAINERS -> "  - all stopped containers";
            case IMAGES ->
                all
                    ? "  - all images without at least one container associated to them"
                    : "  - all dangling images";
            case VOLUMES ->
                all
                    ? "  - all volumes not used by a container"
                    : "  - anonymous volumes not used by a container";
            case NETWORKS -> "  - all networks not used by at least one container";
            case BUILDS -> "  - all build cache";
          });
    }
    console.out().print("\nAre you sure you want to continue? [y/N] ");
    console.flush();
    int answer = console.in().read();
    return answer == 'y' || answer == 'Y';
  }

  private static long prune(Call call, What what) throws IOException {
    Map<String, List<String>> filters = call.given().filters();
    return switch (what) {
      case CONTAINERS -> {
        ContainersPruned pruned = call.engine().pruneContainers(filters);
        tell(call, "Deleted Containers:", pruned.containersDeleted());
        yield pruned.spaceReclaimed();
      }
      case IMAGES -> {
        if (call.given().is("all")) {
          filters.put("dangling", List.of("false"));
        }
        ImagesPruned pruned = call.engine().pruneImages(filters);
        List<String> lines = new ArrayList<>();
        List<ImageRemoval> removals = pruned.imagesDeleted();
        for (ImageRemoval removal : removals == null ? List.<ImageRemoval>of() : removals) {
          lines.add(
              removal.deleted() != null
                  ? "deleted: " + removal.deleted()
                  : "untagged: " + removal.untagged());
        }
        tell(call, "Deleted Images:", lines);
        yield pruned.spaceReclaimed();
      }
      case VOLUMES -> {
        if (call.given().is("all")) {
          filters.put("all", List.of("true"));
        }
        VolumesPruned pruned = call.engine().pruneVolumes(filters);
        tell(call, "Deleted Volumes:", pruned.volumesDeleted());
        yield pruned.spaceReclaimed();
      }
      case NETWORKS -> {
        tell(call, "Deleted Networks:", call.engine().pruneNetworks(filters).networksDeleted());
        yield 0L;
      }
      case BUILDS -> {
        BuildsPruned pruned = call.engine().pruneBuilds(filters);
        tell(call, "Deleted build cache objects:", pruned.cachesDeleted());
        yield pruned.spaceReclaimed();
      }
    };
  }

  private static void tell(Call call, String title, @Nullable List<?> names) {
    if (names != null && !names.isEmpty()) {
      call.console().print(title);
      for (Object name : names) {
        call.console().print(String.valueOf(name));
      }
      call.console().print("");
    }
  }
}
