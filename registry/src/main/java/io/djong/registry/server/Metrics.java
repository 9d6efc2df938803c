package io.djong.registry.server;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What the server has done, in Prometheus' text format 0.0.4. Safe for use by several threads.
final class Metrics {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> nanos = new ConcurrentHashMap<>();
  private final LongAdder sentBytes = new LongAdder();
  private final AtomicInteger running = new AtomicInteger();
  private final LongAdder collected = new LongAdder();

  /// @return how many requests run now
  int begun() {
    return running.incrementAndGet();
  }

  /// @param kind one of few words
  void ended(String kind, String method, int status, long took, long bytes) {
    running.decrementAndGet();
    String known =
        switch (method) {
          case "GET", "HEAD", "PUT", "POST", "PATCH", "DELETE" -> method;
          default -> "other";
        };
    String labels = "{route=\"" + kind + "\",method=\"" + known + "\",status=\"" + status + "\"}";
    requests.computeIfAbsent(labels, key -> new LongAdder()).increment();
    nanos.computeIfAbsent(labels, key -> new LongAdder()).add(took);
    sentBytes.add(bytes);
  }

  void collected(long blobs) {
    collected.add(blobs);
  }

  byte[] text() {
    StringBuilder text = new StringBuilder();
    head(text, "djong_registry_requests_total", "counter", "Requests that were answered.");
    new TreeMap<>(requests)
        .forEach((labels, n) -> line(text, "djong_registry_requests_total" + labels, n.sum()));
    head(text, "djong_registry_request_seconds_total", "counter", "Time it took to answer them.");
    new TreeMap<>(nanos)
        .forEach(
            (labels, n) ->
                text.append("djong_registry_request_seconds_total")
                    .append(labels)
                    .append(' ')
                    .append(n.sum() / 1e9)
                    .append('\n'));
    head(text, "djong_registry_sent_bytes_total", "counter", "Bytes of bodies of answers.");
    line(text, "djong_registry_sent_bytes_total", sentBytes.sum());
    head(text, "djong_registry_requests_running", "gauge", "Requests being answered.");
    line(text, "djong_registry_requests_running", running.get());
    head(text, "djong_registry_collected_blobs_total", "counter", "Blobs removed as garbage.");
    line(text, "djong_registry_collected_blobs_total", collected.sum());
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, long value) {
    text.append(name).append(' ').append(value).append('\n');
  }
}
