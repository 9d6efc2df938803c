package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.RunConfig.Healthcheck;
import io.djong.model.container.HostConfig;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses health checks and restart policies that make no sense, in Docker's words. Pure.
final class LifeChecks {
  private static final long LEAST_TIME = 1_000_000;

  private LifeChecks() {}

  /// Docker's rules for times: nothing, or a millisecond at least.
  static void health(@Nullable Healthcheck check, HostConfig host) {
    String cure = host.annotations().getOrDefault(HealthChecks.ON_FAILURE, "none");
    if (!Set.of("none", "kill", "restart", "stop").contains(cure)) {
      throw new Fault.Invalid(
          "invalid action of a failing health check \""
              + cure
              + "\": use none, kill, restart or stop");
    }
    if (check == null) {
      return;
    }
    time("Interval", check.interval());
    time("Timeout", check.timeout());
    time("StartPeriod", check.startPeriod());
    time("StartInterval", check.startInterval());
    if (check.retries() != null && check.retries() < 0) {
      throw new Fault.Invalid("Retries in Healthcheck cannot be negative");
    }
  }

  private static void time(String what, @Nullable Long nanos) {
    if (nanos != null && nanos != 0 && nanos < LEAST_TIME) {
      throw new Fault.Invalid(what + " in Healthcheck cannot be less than 1ms");
    }
  }

  static void restartPolicy(HostConfig.RestartPolicy asked) {
    String policy = asked.name();
    int retries = asked.maximumRetryCount();
    switch (policy) {
      case "no", "always", "unless-stopped" -> {
        if (retries != 0) {
          throw new Fault.Invalid(
              "invalid restart policy: maximum retry count can only be used with 'on-failure'"
                  + (retries < 0 ? " and cannot be negative" : ""));
        }
      }
      case "on-failure" -> {
        if (retries < 0) {
          throw new Fault.Invalid("invalid restart policy: maximum retry count cannot be negative");
        }
      }
      default ->
          throw new Fault.Invalid(
              "invalid restart policy: unknown policy '"
                  + policy
                  + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
    }
  }
}
