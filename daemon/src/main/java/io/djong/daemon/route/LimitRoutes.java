package io.djong.daemon.route;

import io.djong.engine.ContainerUsage;
import io.djong.engine.Containers;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What containers use and may use.
final class LimitRoutes {
  private final Containers containers;

  LimitRoutes(Containers containers) {
    this.containers = containers;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/containers/{id}/stats", this::stats);
    table.add("POST", "/containers/{id}/update", this::update);
  }

  private void stats(Call call) throws IOException, InterruptedException {
    boolean stream = call.flag("stream", true);
    boolean oneShot = call.flag("one-shot");
    if (stream && oneShot) {
      throw new Fault.Invalid("cannot have stream=true and one-shot=true");
    }
    String id = call.name("id");
    ContainerUsage first = containers.usage(id);
    CountDownLatch gone = new CountDownLatch(1);
    if (!stream) {
      if (oneShot || first.counted() == null) {
        answer(call, StatsAnswer.of(first, null, !oneShot || first.counted() == null));
      } else {
        await(gone);
        answer(call, StatsAnswer.of(containers.usage(id), first, true));
      }
      return;
    }
    call.response().header("Content-Type", "application/json");
    try (OutputStream out = call.response().stream()) {
      call.untilGone(gone::countDown);
      follow(first, out, gone);
    } catch (Fault.NotFound _) { // Removed: the stream has ended.
      gone.countDown();
    }
  }

  private void follow(ContainerUsage first, OutputStream out, CountDownLatch gone)
      throws IOException, InterruptedException {
    ContainerUsage before = null;
    ContainerUsage now = first;
    do {
      if (now.counted() != null) {
        out.write(Json.full().write(StatsAnswer.of(now, before, true)));
        out.write('\n');
      }
      out.flush();
      before = now;
      if (await(gone)) {
        return;
      }
      now = containers.usage(first.id().hex());
    } while (true);
  }

  /// @return whether the client has gone
  private static boolean await(CountDownLatch gone) throws InterruptedException {
    return gone.await(1, TimeUnit.SECONDS);
  }

  private static void answer(Call call, Object tree) throws IOException {
    call.response().header("Content-Type", "application/json");
    try (OutputStream out = call.response().stream()) {
      out.write(Json.full().write(tree));
      out.write('\n');
    }
  }

  private void update(Call call) throws IOException, InterruptedException {
    byte[] body = call.json();
    if (body.length == 0) {
      body = new byte[] {'{', '}'}; // Docker takes nothing for nothing to do.
    }
    HostConfig wanted = Json.full().read(HostConfig.class, body);
    List<String> warnings = containers.update(call.name("id"), wanted, policy(body, wanted));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("Warnings", warnings.isEmpty() ? null : warnings);
    answer(call, answer);
  }

  /// The restart policy, if the body speaks of one.
  private static HostConfig.@Nullable RestartPolicy policy(byte[] body, HostConfig wanted) {
    if (Json.full().readTree(body) instanceof Map<?, ?> tree) {
      for (Map.Entry<?, ?> property : tree.entrySet()) {
        if ("RestartPolicy".equalsIgnoreCase(String.valueOf(property.getKey()))
            && property.getValue() instanceof Map<?, ?> policy
            && policy.values().stream().anyMatch(v -> v instanceof String s && !s.isEmpty())) {
          return wanted.restartPolicy();
        }
      }
    }
    return null;
  }
}
