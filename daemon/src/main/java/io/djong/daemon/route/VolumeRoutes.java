package io.djong.daemon.route;

import io.djong.api.VolumeCreate;
import io.djong.api.VolumeInspect;
import io.djong.api.VolumeList;
import io.djong.api.VolumesPruned;
import io.djong.engine.Containers;
import io.djong.engine.Filters;
import io.djong.engine.Volumes;
import io.djong.engine.Volumes.VolumeDetails;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Volumes.
final class VolumeRoutes {
  private final Volumes volumes;

  VolumeRoutes(Volumes volumes) {
    this.volumes = volumes;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/volumes", this::list);
    table.add("POST", "/volumes/create", this::create);
    table.add("POST", "/volumes/prune", this::prune);
    table.add(
        "GET", "/volumes/{name}", call -> call.answer(answer(volumes.inspect(call.name("name")))));
    table.add("DELETE", "/volumes/{name}", this::remove);
  }

  private void list(Call call) throws IOException {
    Filters filters = call.filters();
    filters.allowOnly(Set.of("dangling", "driver", "label", "label!", "name"));
    call.answer(
        new VolumeList(volumes.list(filters).stream().map(VolumeRoutes::answer).toList(), null));
  }

  private void create(Call call) throws IOException {
    byte[] body = call.json();
    VolumeCreate wanted =
        body.length == 0
            ? new VolumeCreate(null, null, null, null, null)
            : Json.full().read(VolumeCreate.class, body);
    String driver = wanted.driver();
    if (driver != null && !driver.isEmpty() && !driver.equals("local")) {
      throw new Fault.NotFound(
          "create "
              + wanted.name()
              + ": error looking up volume plugin "
              + driver
              + ": plugin \""
              + driver
              + "\" not found");
    }
    Map<String, String> options = wanted.driverOpts();
    String name = wanted.name();
    Map<String, String> labels = wanted.labels();
    call.answer(
        201,
        answer(
            volumes.create(
                name == null || name.isEmpty() ? null : name,
                options == null ? Map.of() : options,
                labels == null ? Map.of() : labels)));
  }

  private void prune(Call call) throws IOException {
    Filters filters = call.filters();
    filters.allowOnly(Set.of("all", "label", "label!"));
    // Before 1.42 named volumes went too.
    if (call.version().before(1, 42) && !filters.has("all")) {
      Map<String, List<String>> values = new HashMap<>(filters.values());
      values.put("all", List.of("true"));
      filters = new Filters(values);
    }
    Containers.Pruned pruned = volumes.prune(filters);
    call.answer(new VolumesPruned(pruned.deleted(), pruned.spaceReclaimed()));
  }

  private void remove(Call call) throws IOException {
    volumes.remove(call.name("name"), call.flag("force"));
    call.empty(204);
  }

  private static VolumeInspect answer(VolumeDetails volume) {
    return answer(volume, null);
  }

  static VolumeInspect answer(VolumeDetails volume, VolumeInspect.@Nullable Usage usage) {
    return new VolumeInspect(
        Times.text(volume.created()),
        "local",
        volume.labels(),
        volume.mountpoint().toString(),
        volume.name(),
        volume.options(),
        "local",
        usage);
  }
}
