package io.djong.daemon.route;

import io.djong.api.ApiVersion;
import io.djong.api.ContainerSummary;
import io.djong.api.DiskUsage;
import io.djong.api.ImageSummary;
import io.djong.api.VersionAnswer;
import io.djong.api.VersionAnswer.Component;
import io.djong.api.VolumeInspect;
import io.djong.build.Builder;
import io.djong.engine.ContainerDetails;
import io.djong.engine.Engine;
import io.djong.engine.Filters;
import io.djong.engine.Images.ImageDetails;
import io.djong.engine.SystemFacts;
import io.djong.engine.Volumes.VolumeDetails;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The engine as a whole: whether it is there, what it is, what it takes.
final class SystemRoutes {
  private static final Set<String> DF_TYPES = Set.of("container", "image", "volume", "build-cache");

  private final Engine engine;
  private final Builder builder;
  private final Product product;
  private final ContainerAnswers containers;
  private final ImageAnswers images;

  SystemRoutes(
      Engine engine,
      Builder builder,
      Product product,
      ContainerAnswers containers,
      ImageAnswers images) {
    this.builder = builder;
    this.engine = engine;
    this.product = product;
    this.containers = containers;
    this.images = images;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/_ping", this::ping);
    table.add("HEAD", "/_ping", this::ping);
    table.add("GET", "/version", this::version);
    table.add("GET", "/info", this::info);
    table.add("GET", "/system/df", this::diskUsage);
  }

  private void ping(Call call) throws IOException {
    call.response()
        .header("Builder-Version", "1")
        .header("Swarm", "inactive")
        .header("Cache-Control", "no-cache, no-store, must-revalidate")
        .header("Pragma", "no-cache")
        .header("Content-Type", "text/plain; charset=utf-8")
        .send("OK".getBytes(StandardCharsets.UTF_8));
  }

  private void version(Call call) throws IOException {
    SystemFacts facts = engine.facts();
    String java = "java" + Runtime.version().feature();
    Map<String, String> details = new LinkedHashMap<>();
    details.put("ApiVersion", ApiVersion.NEWEST.toString());
    details.put("Arch", goArchitecture(facts.architecture()));
    details.put("BuildTime", product.built());
    details.put("Experimental", "false");
    details.put("GitCommit", product.commit());
    details.put("GoVersion", java);
    details.put("KernelVersion", facts.kernelVersion());
    details.put("MinAPIVersion", ApiVersion.OLDEST.toString());
    details.put("Os", "linux");
    call.answer(
        new VersionAnswer(
            new VersionAnswer.ProductName(product.name()),
            List.of(
                new Component("Engine", product.version(), details),
                new Component(
                    facts.defaultRuntime(), facts.runtimeVersion(), Map.of("GitCommit", ""))),
            product.version(),
            ApiVersion.NEWEST.toString(),
            ApiVersion.OLDEST.toString(),
            product.commit(),
            java,
            "linux",
            goArchitecture(facts.architecture()),
            facts.kernelVersion(),
            false,
            product.built()));
  }

  /// `version` speaks Go's words where `info` speaks the kernel's.
  static String goArchitecture(String machine) {
    return switch (machine) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> machine;
    };
  }

  private void info(Call call) throws IOException {
    List<ContainerDetails> all = engine.containers().list(true, 0, false, Filters.NONE);
    int count = engine.images().list(false, Filters.NONE).size();
    call.answer(InfoAnswer.of(engine.facts(), product, all, count, Instant.now()));
  }

  private void diskUsage(Call call) throws IOException {
    List<String> types = call.queryAll("type");
    for (String type : types) {
      if (!DF_TYPES.contains(type)) {
        throw new Fault.Invalid("unknown object type: " + type);
      }
    }
    List<ImageDetails> found =
        isAsked(types, "image") ? engine.images().list(false, Filters.NONE) : null;
    call.answer(
        new DiskUsage(
            found == null ? 0 : engine.images().layersSize(),
            found == null ? null : imageSummaries(call, found),
            isAsked(types, "container") ? containerSummaries() : null,
            isAsked(types, "volume") ? volumes() : null,
            isAsked(types, "build-cache") ? BuildCacheRoutes.usage(builder) : null));
  }

  private static boolean isAsked(List<String> types, String type) {
    return types.isEmpty() || types.contains(type);
  }

  private List<ImageSummary> imageSummaries(Call call, List<ImageDetails> found)
      throws IOException {
    Map<Digest, Long> shared = engine.images().sharedSizes();
    return found.stream()
        .map(image -> images.summary(image, shared.getOrDefault(image.id(), 0L), call.version()))
        .toList();
  }

  private List<ContainerSummary> containerSummaries() throws IOException {
    return containers.summaries(
        engine.containers().list(true, 0, true, Filters.NONE), Instant.now());
  }

  /// -1, as Docker says it, where it cannot be counted.
  private long size(String volume) {
    try {
      return engine.volumes().size(volume);
    } catch (IOException _) { // It went while we counted, or is of another machine that is away.
      return -1;
    }
  }

  private List<VolumeInspect> volumes() throws IOException {
    Map<String, Long> users = new HashMap<>();
    for (ContainerDetails container : engine.containers().list(true, 0, false, Filters.NONE)) {
      for (ContainerDetails.MountView mount : container.mounts()) {
        if (mount.name() != null) {
          users.merge(mount.name(), 1L, Long::sum);
        }
      }
    }
    List<VolumeInspect> all = new ArrayList<>();
    for (VolumeDetails volume : engine.volumes().list(Filters.NONE)) {
      long count = users.getOrDefault(volume.name(), 0L);
      all.add(VolumeRoutes.answer(volume, new VolumeInspect.Usage(count, size(volume.name()))));
    }
    return all;
  }
}
