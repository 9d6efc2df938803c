package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import io.djong.model.container.HostConfig.PortBinding;
import java.util.List;
import java.util.Map;

/// Which ports a container shall publish besides, and which no more (djong's own `POST
/// /djong/containers/{id}/ports`), by `port/protocol`.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record PortsChange(
    @Property("Add") Map<String, List<PortBinding>> add,
    @Property("Remove") Map<String, List<PortBinding>> remove) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public PortsChange {
    add = add == null ? Map.of() : add;
    remove = remove == null ? Map.of() : remove;
  }
}
