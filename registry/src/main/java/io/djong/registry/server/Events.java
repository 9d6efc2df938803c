package io.djong.registry.server;

import io.djong.model.Digest;
import io.djong.model.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tells webhooks what happened, in Docker's envelope (distribution project, Work with
/// notifications). Nobody waits for them. Safe for use by several threads.
final class Events implements AutoCloseable {
  static final String MEDIA_TYPE = "application/vnd.docker.distribution.events.v2+json";

  private final List<Webhook> hooks;
  private final String instance = UUID.randomUUID().toString();

  /// @throws IOException if a file of authorities cannot be read
  Events(List<Webhook.Target> targets) throws IOException {
    List<Webhook> all = new ArrayList<>();
    for (Webhook.Target each : targets) {
      all.add(new Webhook(each, each.client()));
    }
    this.hooks = List.copyOf(all);
  }

  void happened(
      String action, Call call, String repository, @Nullable String tag, StoredManifest manifest) {
    if (hooks.isEmpty()) {
      return;
    }
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("mediaType", manifest.mediaType());
    target.put("size", manifest.bytes().length);
    target.put("length", manifest.bytes().length);
    tell(action, call, repository, tag, manifest.digest(), target);
  }

  /// For what is no more there to describe.
  void happened(
      String action, Call call, String repository, @Nullable String tag, @Nullable Digest digest) {
    if (!hooks.isEmpty()) {
      tell(action, call, repository, tag, digest, new LinkedHashMap<>());
    }
  }

  private void tell(
      String action,
      Call call,
      String repository,
      @Nullable String tag,
      @Nullable Digest digest,
      Map<String, Object> target) {
    String host = call.request().header("Host");
    target.put("repository", repository);
    if (digest != null) {
      target.put("digest", digest.toString());
      target.put("url", "http://" + host + "/v2/" + repository + "/manifests/" + digest);
    }
    if (tag != null) {
      target.put("tag", tag);
    }
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("id", UUID.randomUUID().toString());
    request.put("addr", call.request().peer());
    request.put("host", host == null ? "" : host);
    request.put("method", call.method());
    String agent = call.request().header("User-Agent");
    request.put("useragent", agent == null ? "" : agent);
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("id", UUID.randomUUID().toString());
    event.put("timestamp", Instant.now().toString());
    event.put("action", action);
    event.put("target", target);
    event.put("request", request);
    event.put("actor", Map.of("name", call.caller().name()));
    event.put("source", Map.of("addr", host == null ? "" : host, "instanceID", instance));
    List<Object> events = new ArrayList<>();
    events.add(event);
    byte[] envelope = Json.full().write(Map.of("events", events));
    hooks.forEach(hook -> hook.offer(envelope));
  }

  @Override
  public void close() {
    hooks.forEach(Webhook::close);
  }
}
