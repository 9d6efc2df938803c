package io.djong.daemon.route;

import io.djong.api.ApiVersion;
import io.djong.api.ContainerInspect;
import io.djong.api.ImageHistory;
import io.djong.api.ImageInspect;
import io.djong.api.ImageRemoval;
import io.djong.api.ImageSummary;
import io.djong.engine.Images.HistoryEntry;
import io.djong.engine.Images.ImageDetails;
import io.djong.engine.Images.Removal;
import io.djong.model.Digest;
import io.djong.model.ImageConfig;
import io.djong.model.RunConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says what is known about images in the words of the Engine API. Safe for use by several threads.
final class ImageAnswers {
  /// @param sharedSize -1 if it was not asked for
  ImageSummary summary(ImageDetails image, long sharedSize, ApiVersion version) {
    RunConfig config = image.config().config();
    return new ImageSummary(
        image.containers(),
        image.created().getEpochSecond(),
        image.id().toString(),
        config == null ? null : config.labels(),
        text(image.parent()),
        image.repoDigests(),
        image.repoTags(),
        sharedSize,
        image.size(),
        virtualSize(image, version));
  }

  /// Clients before 1.44 know no other size.
  private static @Nullable Long virtualSize(ImageDetails image, ApiVersion version) {
    return version.before(1, 44) ? image.size() : null;
  }

  ImageInspect inspect(ImageDetails image, ApiVersion version) {
    ImageConfig config = image.config();
    List<ImageConfig.History> history = config.history();
    String comment = history.isEmpty() ? null : history.getLast().comment();
    Map<String, String> graph = image.graphDriver();
    RunConfig run = config.config() == null ? RunConfig.EMPTY : config.config();
    return new ImageInspect(
        image.id().toString(),
        image.repoTags(),
        image.repoDigests(),
        text(image.parent()),
        comment == null ? "" : comment,
        config.created() == null ? Times.text(image.created()) : config.created(),
        "",
        config.author() == null ? "" : config.author(),
        run,
        version.before(1, 45) ? run : null,
        config.architecture(),
        config.variant(),
        config.os(),
        config.osVersion(),
        image.size(),
        virtualSize(image, version),
        new ContainerInspect.GraphDriver(data(graph), graph.getOrDefault("Name", "overlay2")),
        new ImageInspect.RootFs(
            config.rootfs().type(),
            config.rootfs().diffIds().stream().map(Digest::toString).toList()),
        new ImageInspect.Metadata(Times.text(image.lastTagged())));
  }

  private static @Nullable Map<String, String> data(Map<String, String> graph) {
    if (graph.isEmpty()) {
      return null;
    }
    Map<String, String> data = new java.util.TreeMap<>(graph);
    data.remove("Name");
    return data;
  }

  ImageHistory history(HistoryEntry entry) {
    return new ImageHistory(
        entry.id() == null ? "<missing>" : entry.id().toString(),
        entry.created().getEpochSecond(),
        entry.createdBy(),
        entry.tags().isEmpty() ? null : entry.tags(),
        entry.size(),
        entry.comment());
  }

  ImageRemoval removal(Removal removal) {
    return new ImageRemoval(removal.untagged(), removal.deleted());
  }

  private static String text(@Nullable Digest digest) {
    return digest == null ? "" : digest.toString();
  }
}
