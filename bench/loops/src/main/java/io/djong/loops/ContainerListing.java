package io.djong.loops;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.djong.api.ContainerSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// The answer to `ps` with 1,000 containers, as JSON.
@State(Scope.Benchmark)
public class ContainerListing {
  private final JsonType<List<ContainerSummary>> json =
      Jsonb.instance().type(ContainerSummary.class).list();
  private final List<ContainerSummary> containers = new ArrayList<>();

  public ContainerListing() {
    for (int i = 0; i < 1_000; i++) {
      containers.add(
          new ContainerSummary(
              "%064x".formatted(i),
              List.of("/web-" + i),
              "busybox:latest",
              "sha256:" + "%064x".formatted(i),
              "sleep 1000",
              1_700_000_000L + i,
              List.of(new ContainerSummary.Port("0.0.0.0", 80, 32_768 + i, "tcp")),
              null,
              null,
              Map.of("com.example.part", "web"),
              "running",
              "Up 5 minutes",
              new ContainerSummary.Host("bridge", null),
              new ContainerSummary.Networks(Map.of()),
              List.of()));
    }
  }

  @Benchmark
  public byte[] aThousandContainers() {
    return json.toJsonBytes(containers);
  }
}
