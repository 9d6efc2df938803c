package io.djong.daemon.route;

import io.djong.engine.Containers.Pruned;
import io.djong.engine.Filters;
import io.djong.engine.Volumes;
import io.djong.model.Fault;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The volume `hold`.
final class FakeVolumes implements Volumes {
  private static VolumeDetails volume(String name, Map<String, String> labels) {
    return new VolumeDetails(name, Path.of("/v", name), Map.of(), labels, Instant.EPOCH, false);
  }

  @Override
  public VolumeDetails create(
      @Nullable String name, Map<String, String> options, Map<String, String> labels) {
    return volume(name == null ? "drawn" : name, labels);
  }

  @Override
  public List<VolumeDetails> list(Filters filters) {
    return List.of(volume("hold", Map.of()));
  }

  @Override
  public VolumeDetails inspect(String name) {
    if (!name.equals("hold")) {
      throw new Fault.NotFound("get " + name + ": no such volume");
    }
    return volume(name, Map.of());
  }

  @Override
  public void remove(String name, boolean force) {
    inspect(name);
  }

  @Override
  public long size(String name) {
    return 4096;
  }

  @Override
  public Pruned prune(Filters filters) {
    return new Pruned(List.of(), 0);
  }
}
