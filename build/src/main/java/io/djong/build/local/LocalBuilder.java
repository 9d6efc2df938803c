package io.djong.build.local;

import io.djong.build.BuildListener;
import io.djong.build.BuildListener.Event;
import io.djong.build.BuildRequest;
import io.djong.build.Builder;
import io.djong.build.ImageSupply;
import io.djong.build.context.FileTree;
import io.djong.build.dockerfile.Dockerfile;
import io.djong.build.dockerfile.DockerfileText;
import io.djong.build.dockerfile.Lint;
import io.djong.build.plan.Arguments;
import io.djong.build.plan.BuildPlan;
import io.djong.build.plan.Planner;
import io.djong.build.remote.GitRemotes;
import io.djong.build.solve.BuildScope;
import io.djong.build.solve.CacheMounts;
import io.djong.build.solve.Flights;
import io.djong.build.solve.MemoryFiles;
import io.djong.build.solve.MountedTrees;
import io.djong.build.solve.Solver;
import io.djong.build.solve.StepCache;
import io.djong.build.solve.StepFailure;
import io.djong.build.solve.Workshop;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The builder on this machine.
public final class LocalBuilder implements Builder {
  private static final long LEAST_KEPT = 2L << 30;
  private static final Duration LONGEST_KEPT = Duration.ofDays(60);

  private final Workshop shop;
  private final ImageSupply images;
  private final StepCache cache;
  private final GitRemotes remotes;

  private LocalBuilder(Workshop shop, ImageSupply images, StepCache cache, GitRemotes remotes) {
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
    GitRemotes remotes = new GitRemotes(scratch);
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
    return new LocalBuilder(shop, parts.images(), parts.cache(), remotes);
  }

  @Override
  public BuildResult build(BuildRequest request, BuildListener listener)
      throws IOException, InterruptedException {
    try (Contexts contexts = Contexts.receive(request.context(), shop.scratch(), remotes)) {
      DockerfileText text = contexts.dockerfile(request);
      Dockerfile file = Dockerfile.parse(text);
      FileTree context = contexts.filtered(text.name());
      String build = UUID.randomUUID().toString();
      BuildPlan plan = new Planner(file, request, images, build).plan();
      plan.warnings().forEach(warning -> listener.on(new Event.Warning(warning)));
      try (StepCache.Use use = cache.use()) {
        BuildScope scope =
            new BuildScope(
                request,
                Map.of("", context),
                Arguments.proxies(request.buildArgs()),
                epoch(request.buildArgs().get("SOURCE_DATE_EPOCH")),
                use,
                listener);
        return solve(plan, text, scope);
      }
    } finally {
      trim();
    }
  }

  /// Keeps the cache to its size: what was used last longest ago goes first.
  private void trim() throws IOException {
    long limit = Math.max(LEAST_KEPT, Files.getFileStore(shop.scratch()).getTotalSpace() / 10);
    prune(new PruneWish(limit, null, Map.of()));
    prune(new PruneWish(0, shop.clock().instant().minus(LONGEST_KEPT), Map.of()));
  }

  @Override
  public List<Finding> check(BuildRequest request) throws IOException, InterruptedException {
    try (Contexts contexts = Contexts.receive(request.context(), shop.scratch(), remotes)) {
      DockerfileText text = contexts.dockerfile(request);
      return Lint.check(Dockerfile.parse(text)).stream()
          .map(
              found ->
                  new Finding(
                      found.rule(),
                      found.line(),
                      found.message(),
                      text.excerpt(new DockerfileText.Position(found.line(), 1), 1)))
          .toList();
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

  private BuildResult solve(BuildPlan plan, DockerfileText text, BuildScope scope)
      throws IOException, InterruptedException {
    Reports reports = new Reports(plan, scope.listener(), shop.clock());
    Solver solver = new Solver(shop, scope, reports);
    try {
      solver.solve(plan.tree());
      ImageConfig config =
          new ImageAssembly(plan, solver::known, scope.epoch(), shop.clock()).config();
      reports.finish(solver::known);
      Digest id = images.publish(config, scope.request().names());
      return new BuildResult(id, reports.steps());
    } catch (StepFailure failure) {
      throw told(plan, text, failure);
    } finally {
      solver.cancel();
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
  public List<CacheEntry> cache() {
    return cache.entries();
  }

  @Override
  public Pruned prune(PruneWish wish) throws IOException {
    StepCache.Forgotten forgotten = cache.forget(wish);
    if (!forgotten.ids().isEmpty()) {
      images.sweep();
    }
    return new Pruned(forgotten.ids(), forgotten.bytes());
  }

  @Override
  public void close() throws IOException {
    remotes.close();
  }
}
