package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One exec (`GET /exec/{id}/json`). `exitCode` is null while it runs.
@Json(naming = Json.Naming.UpperCamel)
public record ExecInspect(
    @Property("ID") String id,
    @Property("Running") boolean running,
    @Nullable Integer exitCode,
    Command processConfig,
    boolean openStdin,
    boolean openStderr,
    boolean openStdout,
    boolean canRemove,
    @Property("ContainerID") String containerId,
    String detachKeys,
    @Property("Pid") int pid) {

  /// Its command.
  @Json
  public record Command(
      boolean tty,
      String entrypoint,
      List<String> arguments,
      boolean privileged,
      @Nullable String user) {}
}
