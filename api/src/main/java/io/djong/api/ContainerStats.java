package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a container uses, as far as people are shown it (`GET /containers/{id}/stats`). Times are
/// in nanoseconds, sizes in bytes.
@Json
public record ContainerStats(
    @Nullable String name,
    @Nullable String id,
    @Property("pids_stats") Pids pids,
    @Property("blkio_stats") BlockIo blockIo,
    @Property("cpu_stats") Cpu cpu,
    @Property("precpu_stats") Cpu before,
    @Property("memory_stats") Memory memory,
    @Nullable Map<String, Interface> networks) {

  @Json
  public record Pids(long current) {}

  @Json
  public record BlockIo(
      @Property("io_service_bytes_recursive") @Nullable List<Entry> serviceBytes) {}

  @Json
  public record Entry(String op, long value) {}

  @Json
  public record Cpu(
      @Property("cpu_usage") Usage usage,
      @Property("system_cpu_usage") long system,
      @Property("online_cpus") int online) {}

  @Json
  public record Usage(@Property("total_usage") long total) {}

  @Json
  public record Memory(long usage, long limit, @Nullable Map<String, Long> stats) {}

  @Json
  public record Interface(@Property("rx_bytes") long received, @Property("tx_bytes") long sent) {}
}
