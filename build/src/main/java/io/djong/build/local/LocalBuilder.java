package io.djong.build.local;

import io.djong.build.BuildHistory;
import io.djong.build.BuildListener;
import io.djong.build.BuildListener.Event;
import io.djong.build.BuildRequest;
import io.djong.build.BuildRequest.Caching;
import io.djong.build.Builder;
import io.djong.build.ImageSupply;
import io.djong.build.context.KeptFiles;
import io.djong.build.dockerfile.Dockerfile;
import io.djong.build.dockerfile.DockerfileText;
import io.djong.build.dockerfile.Lint;
import io.djong.build.plan.Arguments;
import io.djong.build.plan.BuildPlan;
import io.djong.build.plan.Planner;
import io.djong.build.remote.GitRemotes;
import io.djong.build.remote.RemoteSources;
import io.djong.build.remote.WebFiles;
import io.djong.build.solve.BuildScope;
import io.djong.build.solve.CacheMounts;
import io.djong.build.solve.CarriedCache;
import io.djong.build.solve.CarriedMounts;
import io.djong.build.solve.Flights;
import io.djong.build.solve.LayerStore;
import io.djong.build.solve.MemoryFiles;
import io.djong.build.solve.MountedTrees;
import io.djong.build.solve.Solver;
import io.djong.build.solve.StepCache;
import io.djong.build.solve.StepFailure;
import io.djong.build.solve.Workshop;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The builder on this machine.
public final class LocalBuilder implements Builder {
  private static final long LEAST_KEPT = 2L << 30;
  private static final Duration LONGEST_KEPT = Duration.ofDays(60);

  private final Workshop shop;
  private final ImageSupply images;
  private final StepCache cache;
  private final RemoteSources remotes;
  private final RecordedBuilds history;
  private final KeptFiles files;

  private LocalBuilder(
      Workshop shop,
      ImageSupply images,
      StepCache cache,
      RemoteSources remotes,
      RecordedBuilds history,
      KeptFiles files) {
    this.files = files;
    this.history = history;
    this.remotes = remotes;
    this.shop = shop;
    this.images = images;
    this.cache = cache;
  }

  /// Opens a builder; what an earlier one left half done is removed. One at a time for these roots.
  public static LocalBuilder open(BuilderParts parts) throws IOException {
    Path data = Files.createDirectories(parts.dataRoot().resolve("build"));
    Path exec = Files.createDirectories(parts.execRoot().resolve("build"));
    Path scratch = Files.createDirectories(data.resolve("scratch"));
    RemoteSources remotes =
        new RemoteSources(new GitRemotes(scratch), new WebFiles(parts.downloads(), scratch));
    Workshop shop =
        new Workshop(
            parts.layers(),
            new MountedTrees(parts.layers().snapshots(), parts.mounts(), exec.resolve("trees")),
            parts.cache(),
            parts.runner(),
            new CacheMounts(data.resolve("mounts")),
            new MemoryFiles(parts.mounts(), exec.resolve("memory")),
            remotes,
            scratch,
            new Flights(),
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors())),
            parts.clock());
    RecordedBuilds history =
        new RecordedBuilds(parts.records(), data.resolve("logs"), parts.clock());
    KeptFiles files =
        new KeptFiles(data.resolve("contexts"), KeptFiles.Limits.USUAL, parts.clock());
    return new LocalBuilder(shop, parts.images(), parts.cache(), remotes, history, files);
  }

  @Override
  public BuildResult build(BuildRequest request, BuildListener listener)
      throws IOException, InterruptedException {
    RecordedBuilds.Recording recording = history.begin(request);
    Run run = new Run(request, recording.noting(listener));
    try {
      BuildResult result = run.go();
      recording.end(result.image(), null, result.steps());
      return result;
    } catch (Fault | IOException e) {
      recording.end(null, e, run.steps());
      throw e;
    } catch (InterruptedException e) {
      recording.end(null, null, run.steps());
      throw e;
    } finally {
      trim();
    }
  }

  /// One build.
  private final class Run {
    private final BuildRequest request;
    private final BuildListener listener;
    private @Nullable Reports reports;

    Run(BuildRequest request, BuildListener listener) {
      this.request = request;
      this.listener = listener;
    }

    List<StepReport> steps() {
      return reports == null ? List.of() : reports.steps();
    }

    BuildResult go() throws IOException, InterruptedException {
      try (Contexts contexts = Contexts.receive(request, shop.scratch(), remotes, files)) {
        DockerfileText text = contexts.dockerfileText(request);
        Dockerfile file = Dockerfile.parse(text, contexts::dockerfilePart);
        IgnoreRules ignored = contexts.ignored(text.name());
        if (file.directives().strict()) {
          refuseFindings(findings(file, ignored));
        }
        String build = UUID.randomUUID().toString();
        BuildPlan plan = new Planner(file, request, images, build).plan();
        plan.warnings().forEach(warning -> listener.on(new Event.Warning(warning)));
        try (StepCache.Use use = cache.use()) {
          BuildScope scope =
              new BuildScope(
                  request,
                  contexts.trees(ignored),
                  Arguments.proxies(request.buildArgs()),
                  epoch(request.buildArgs().get("SOURCE_DATE_EPOCH")),
                  use,
                  listener);
          for (String name : request.caching().from()) {
            takeCache(name, plan, scope);
          }
          reports = new Reports(plan, listener, shop.clock());
          return solve(plan, file.text(), scope, reports);
        }
      }
    }
  }

  /// Keeps the cache to its size: what was used last longest ago goes first.
  private void trim() throws IOException {
    long limit = Math.max(LEAST_KEPT, Files.getFileStore(shop.scratch()).getTotalSpace() / 10);
    prune(new PruneWish(limit, null, Map.of()));
    prune(new PruneWish(0, shop.clock().instant().minus(LONGEST_KEPT), Map.of()));
  }

  @Override
  public ContextOffer offer(Collection<Digest> digests) throws IOException {
    return files.offer(digests);
  }

  @Override
  public List<Finding> check(BuildRequest request) throws IOException, InterruptedException {
    try (Contexts contexts = Contexts.receive(request, shop.scratch(), remotes, files)) {
      DockerfileText text = contexts.dockerfileText(request);
      Dockerfile file = Dockerfile.parse(text, contexts::dockerfilePart);
      return findings(file, contexts.ignored(text.name()));
    }
  }

  private static List<Finding> findings(Dockerfile file, IgnoreRules ignored) {
    return Lint.check(file, ignored).stream()
        .map(
            found ->
                new Finding(
                    found.rule(),
                    found.line(),
                    found.message(),
                    file.text().excerpt(new DockerfileText.Position(found.line(), 1), 1)))
        .toList();
  }

  /// As a Dockerfile with `# check=error=true` demands.
  private static void refuseFindings(List<Finding> findings) {
    if (!findings.isEmpty()) {
      StringBuilder all = new StringBuilder("lint violation found for rules: ");
      all.append(findings.stream().map(Finding::rule).distinct().collect(Collectors.joining(", ")));
      for (Finding finding : findings) {
        all.append('\n').append(finding.rule()).append(": ").append(finding.message());
        all.append('\n').append(finding.place());
      }
      throw new Fault.Invalid(all.toString());
    }
  }

  /// What cannot be had is no reason not to build.
  private void takeCache(String name, BuildPlan plan, BuildScope scope)
      throws IOException, InterruptedException {
    BuildRequest request = scope.request();
    try {
      ImageSupply.Found image =
          images.resolve(name, request.platform(), false, request.logins(), Progress.NONE);
      int taken = new CarriedCache(shop.layers(), scope.cache()).take(image.config());
      if (taken < 0) {
        scope.listener().on(new Event.Warning("cache from " + name + ": it holds no results"));
      }
      if (request.caching().mountsFrom().contains(name)) {
        new CarriedMounts(shop, plan.tree(), scope.listener()).take(image.config());
      }
    } catch (Fault e) {
      scope.listener().on(new Event.Warning("cache from " + name + ": " + e.getMessage()));
    }
  }

  private static @Nullable Instant epoch(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return Instant.ofEpochSecond(Long.parseLong(text));
    } catch (NumberFormatException | java.time.DateTimeException e) {
      throw new Fault.Invalid("invalid SOURCE_DATE_EPOCH: " + text, e);
    }
  }

  private BuildResult solve(BuildPlan plan, DockerfileText text, BuildScope scope, Reports reports)
      throws IOException, InterruptedException {
    Solver solver = new Solver(shop, scope, reports);
    try {
      solver.solve(plan.tree());
      ImageConfig config =
          new ImageAssembly(plan, solver::known, scope.epoch(), shop.clock()).config();
      reports.finish(solver::known);
      return new BuildResult(publish(plan, config, scope), reports.steps());
    } catch (StepFailure failure) {
      throw told(plan, text, failure);
    } finally {
      solver.cancel();
    }
  }

  private Digest publish(BuildPlan plan, ImageConfig config, BuildScope scope) throws IOException {
    BuildRequest request = scope.request();
    CarriedCache carried = new CarriedCache(shop.layers(), scope.cache());
    if (!request.caching().to().isEmpty()) {
      publishCache(plan, carried, config, scope);
    }
    ImageConfig wanted = request.caching().inline() ? carried.inline(config) : config;
    return request.squash()
        ? images.publishSquashed(wanted, plan.base(), request.names())
        : images.publish(wanted, request.names());
  }

  private void publishCache(
      BuildPlan plan, CarriedCache carried, ImageConfig config, BuildScope scope)
      throws IOException {
    Caching caching = scope.request().caching();
    try (LayerStore.Hold hold = shop.layers().hold()) {
      ImageConfig cache = carried.image(config, hold);
      List<Reference.Tag> without = new ArrayList<>(caching.to());
      without.removeAll(caching.mountsTo());
      if (!without.isEmpty()) {
        images.publish(cache, without);
      }
      if (!caching.mountsTo().isEmpty()) {
        CarriedMounts mounts = new CarriedMounts(shop, plan.tree(), scope.listener());
        images.publish(mounts.with(cache, hold), List.copyOf(caching.mountsTo()));
      }
    }
  }

  /// What failed, with the place where it is written.
  private static Fault told(BuildPlan plan, DockerfileText text, StepFailure failure)
      throws IOException {
    Throwable cause = failure.getCause();
    if (cause instanceof IOException e) {
      throw new IOException("building " + failure.step(), e);
    }
    if (cause instanceof Fault.Invalid invalid) {
      for (BuildPlan.Line line : plan.lines()) {
        if (line.after().equals(failure.step())) {
          String verb = line.text().split("\\s", 2)[0].toUpperCase(java.util.Locale.ROOT);
          return new Fault.Invalid(
              verb
                  + " failed: "
                  + invalid.getMessage()
                  + "\n"
                  + text.excerpt(
                      new DockerfileText.Position(line.fileLine(), 1), line.text().length()),
              invalid);
        }
      }
    }
    if (cause instanceof Fault fault) {
      return fault;
    }
    throw new IllegalStateException("a step fails with a fault or an I/O error", cause);
  }

  @Override
  public BuildHistory history() {
    return history;
  }

  @Override
  public List<CacheEntry> cache() {
    return Stream.concat(files.entries().stream(), cache.entries().stream())
        .sorted(Comparator.comparing(CacheEntry::lastUsed))
        .toList();
  }

  @Override
  public Pruned prune(PruneWish wish) throws IOException {
    Pruned results = cache.forget(wish);
    if (!results.removed().isEmpty()) {
      images.sweep();
    }
    return results.and(files.prune(wish));
  }

  @Override
  public void close() throws IOException {
    try (files) {
      remotes.close();
    }
  }
}
