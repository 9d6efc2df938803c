package io.djong.engine.container;

import io.djong.engine.ContainerDetails.Health.Probe;
import io.djong.model.Fault;
import io.djong.model.RunConfig.Healthcheck;
import io.djong.model.container.ContainerConfig;
import io.djong.model.record.ContainerRecord.Life;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Looks at running containers as their health checks say, Docker's rules: a command that ends with
/// 0 means healthy, so many failures in a row unhealthy, and failures do not count while a
/// container that was never healthy is within its start period.
///
/// What an unhealthy container gets besides being called so is djong's own: the annotation
/// [#ON_FAILURE] of a container names it.
final class HealthChecks implements AutoCloseable {
  /// `none`, `kill`, `restart` or `stop`.
  static final String ON_FAILURE = "io.djong.health.on-failure";

  private static final System.Logger LOG = System.getLogger(HealthChecks.class.getName());
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration START_INTERVAL = Duration.ofSeconds(5);
  private static final int RETRIES = 3;

  private final ContainerParts parts;
  private final LocalExecs execs;
  private final CompletableFuture<Cure> cure = new CompletableFuture<>();
  private final Set<HealthWatch> watches = ConcurrentHashMap.newKeySet();

  HealthChecks(ContainerParts parts, LocalExecs execs) {
    this.parts = parts;
    this.execs = execs;
  }

  /// Does to an unhealthy container what it asked for.
  @FunctionalInterface
  interface Cure {
    /// @param what kill, restart or stop
    void apply(Container container, String what) throws IOException, InterruptedException;
  }

  void open(Cure first) {
    cure.complete(first);
  }

  /// Begins to look at a container that runs, if it has a check; goes on from `before`, what an
  /// earlier engine found. Under its lock.
  void watch(Container container, @Nullable String before) {
    ContainerConfig config = container.record().config();
    Healthcheck check = config.healthcheck();
    List<String> command = command(config);
    HealthWatch old = container.health();
    if (old != null) {
      old.leave();
    }
    if (check == null || command.isEmpty()) {
      container.watchedBy(null);
      return;
    }
    HealthWatch watch = new HealthWatch(before == null ? HealthWatch.STARTING : before);
    container.watchedBy(watch);
    watches.add(watch);
    Thread.ofVirtual()
        .name("health of " + container.id().abbreviated())
        .start(() -> look(container, watch, check, command));
  }

  /// The command of a check; empty if there is none.
  static List<String> command(ContainerConfig config) {
    Healthcheck check = config.healthcheck();
    List<String> test = check == null ? null : check.test();
    if (test == null || test.isEmpty()) {
      return List.of();
    }
    List<String> rest = test.subList(1, test.size());
    return switch (test.getFirst()) {
      case "CMD" -> rest;
      case "CMD-SHELL" -> {
        List<String> shell = config.shell();
        List<String> all =
            new ArrayList<>(shell == null || shell.isEmpty() ? List.of("/bin/sh", "-c") : shell);
        all.addAll(rest);
        yield all;
      }
      default -> List.of();
    };
  }

  private void look(
      Container container, HealthWatch watch, Healthcheck check, List<String> command) {
    try {
      Instant started = Instant.parse(String.valueOf(container.life().startedAt()));
      long began = System.nanoTime();
      Duration early = Duration.between(started, parts.events().clock().instant());
      Duration startPeriod = time(check.startPeriod(), Duration.ZERO);
      while (true) {
        boolean fresh = startPeriod.compareTo(early.plusNanos(System.nanoTime() - began)) > 0;
        boolean starting = watch.status().equals(HealthWatch.STARTING);
        Duration pause =
            starting && fresh
                ? time(check.startInterval(), START_INTERVAL)
                : time(check.interval(), INTERVAL);
        if (!watch.pause(pause)) {
          return;
        }
        if (!container.life().paused()) {
          Duration age = early.plusNanos(System.nanoTime() - began);
          Probe probe = execs.probe(container, command, time(check.timeout(), TIMEOUT));
          boolean counts =
              !watch.status().equals(HealthWatch.STARTING) || startPeriod.compareTo(age) <= 0;
          take(container, watch, probe, counts, retries(check));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "checking the health of container " + container.id(), e);
    } finally {
      watches.remove(watch);
    }
  }

  private static int retries(Healthcheck check) {
    Integer retries = check.retries();
    return retries == null || retries <= 0 ? RETRIES : retries;
  }

  private static Duration time(@Nullable Long nanos, Duration otherwise) {
    return nanos == null || nanos <= 0 ? otherwise : Duration.ofNanos(nanos);
  }

  private void take(
      Container container, HealthWatch watch, Probe probe, boolean counts, int retries)
      throws IOException, InterruptedException {
    container.lock().lock();
    try {
      if (!container.isRunning() || !watch.equals(container.health())) {
        return;
      }
      if (!watch.took(probe, counts, retries)) {
        return;
      }
      Life life = container.life().withHealth(watch.status());
      parts.register().update(container, container.record().withLife(life));
      parts.events().tell(container, "health_status: " + watch.status(), Map.of());
    } finally {
      container.lock().unlock();
    }
    if (watch.status().equals(HealthWatch.UNHEALTHY)) {
      help(container, watch);
    }
  }

  private void help(Container container, HealthWatch watch)
      throws IOException, InterruptedException {
    String what = container.record().host().annotations().getOrDefault(ON_FAILURE, "none");
    if (what.equals("none") || watch.isOver()) {
      return;
    }
    LOG.log(
        System.Logger.Level.INFO,
        "container " + container.id().abbreviated() + " is unhealthy: " + what);
    try {
      cure.get().apply(container, what);
    } catch (ExecutionException e) {
      throw new IllegalStateException("opening is never exceptional", e);
    } catch (Fault e) {
      LOG.log(System.Logger.Level.WARNING, what + " of unhealthy container " + container.id(), e);
    }
  }

  @Override
  public void close() {
    watches.forEach(HealthWatch::leave);
  }
}
