package io.djong.model.record;

import io.avaje.jsonb.Json;
import io.djong.model.Digest;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that is kept of a container. Immutable; times are RFC 3339.
///
/// @param number in the order of making: the list of containers is sorted by it
/// @param config complete, with the image's defaults
/// @param mounts without those that every container has
/// @param endpoints by network id, while it runs
/// @param idMap the ids of the host that its own ones are, `uids=OWN-HOST-COUNT#…;gids=…`; null if
///   they are the same
@Json
public record ContainerRecord(
    String id,
    long number,
    String name,
    String created,
    Digest imageId,
    @Nullable String chain,
    ContainerConfig config,
    HostConfig host,
    NetworkingConfig networking,
    List<MountRecord> mounts,
    Life life,
    Map<String, EndpointRecord> endpoints,
    @Nullable String idMap) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public ContainerRecord {
    mounts = mounts == null ? List.of() : List.copyOf(mounts);
    endpoints = endpoints == null ? Map.of() : Map.copyOf(endpoints);
  }

  public ContainerRecord withName(String newName) {
    return new ContainerRecord(
        id,
        number,
        newName,
        created,
        imageId,
        chain,
        config,
        host,
        networking,
        mounts,
        life,
        endpoints,
        idMap);
  }

  public ContainerRecord withLife(Life newLife) {
    return new ContainerRecord(
        id,
        number,
        name,
        created,
        imageId,
        chain,
        config,
        host,
        networking,
        mounts,
        newLife,
        endpoints,
        idMap);
  }

  public ContainerRecord withEndpoints(Map<String, EndpointRecord> newEndpoints) {
    return new ContainerRecord(
        id,
        number,
        name,
        created,
        imageId,
        chain,
        config,
        host,
        networking,
        mounts,
        life,
        newEndpoints,
        idMap);
  }

  public ContainerRecord withNetworking(NetworkingConfig newNetworking) {
    return new ContainerRecord(
        id,
        number,
        name,
        created,
        imageId,
        chain,
        config,
        host,
        newNetworking,
        mounts,
        life,
        endpoints,
        idMap);
  }

  public ContainerRecord withHost(HostConfig newHost) {
    return new ContainerRecord(
        id,
        number,
        name,
        created,
        imageId,
        chain,
        config,
        newHost,
        networking,
        mounts,
        life,
        endpoints,
        idMap);
  }

  /// Where it is in its life.
  ///
  /// @param phase created, running, restarting, exited, or dead: half removed
  /// @param bootId of the machine's boot in which it was started
  /// @param stoppedByUser whether somebody asked for its end: a restart policy leaves it alone then
  /// @param restarts how often a policy has started it since somebody did
  /// @param health the last word of its health check, while it has one
  @Json
  public record Life(
      String phase,
      int pid,
      boolean paused,
      @Nullable String startedAt,
      @Nullable String finishedAt,
      int exitCode,
      boolean oomKilled,
      @Nullable String error,
      @Nullable String bootId,
      boolean stoppedByUser,
      int restarts,
      @Nullable String health) {
    public static final Life CREATED =
        new Life("created", 0, false, null, null, 0, false, null, null, false, 0, null);

    /// The beginning of a run.
    public Life running(int newPid, String now, String boot) {
      return new Life(
          "running", newPid, false, now, null, 0, false, null, boot, false, restarts, null);
    }

    /// The end of a run.
    public Life ended(int code, boolean oom, String now, boolean byUser) {
      return new Life(
          "exited", 0, false, startedAt, now, code, oom, null, bootId, byUser, restarts, health);
    }

    /// A start that did not come to a run.
    public Life failed(int code, @Nullable String why) {
      return new Life(
          "exited",
          0,
          false,
          startedAt,
          finishedAt,
          code,
          false,
          why,
          bootId,
          false,
          restarts,
          null);
    }

    /// Ended, and to be started again; counted as one more restart.
    public Life restarting() {
      return new Life(
          "restarting",
          0,
          false,
          startedAt,
          finishedAt,
          exitCode,
          oomKilled,
          error,
          bootId,
          false,
          restarts + 1,
          health);
    }

    /// Ended, and nobody starts it again.
    public Life atRest(boolean byUser) {
      return new Life(
          "exited",
          0,
          false,
          startedAt,
          finishedAt,
          exitCode,
          oomKilled,
          error,
          bootId,
          byUser,
          restarts,
          health);
    }

    /// Its removal failed half-way: only another attempt can follow.
    public Life dead(String why) {
      return new Life(
          "dead",
          0,
          false,
          startedAt,
          finishedAt,
          exitCode,
          oomKilled,
          why,
          bootId,
          true,
          restarts,
          null);
    }

    public Life withPaused(boolean nowPaused) {
      return new Life(
          phase,
          pid,
          nowPaused,
          startedAt,
          finishedAt,
          exitCode,
          oomKilled,
          error,
          bootId,
          stoppedByUser,
          restarts,
          health);
    }

    public Life withStoppedByUser(boolean byUser) {
      return new Life(
          phase,
          pid,
          paused,
          startedAt,
          finishedAt,
          exitCode,
          oomKilled,
          error,
          bootId,
          byUser,
          restarts,
          health);
    }

    public Life withRestarts(int count) {
      return new Life(
          phase,
          pid,
          paused,
          startedAt,
          finishedAt,
          exitCode,
          oomKilled,
          error,
          bootId,
          stoppedByUser,
          count,
          health);
    }

    public Life withHealth(@Nullable String word) {
      return new Life(
          phase,
          pid,
          paused,
          startedAt,
          finishedAt,
          exitCode,
          oomKilled,
          error,
          bootId,
          stoppedByUser,
          restarts,
          word);
    }
  }

  /// One mount. `type` is bind, volume, image or tmpfs; `name` a volume's; `source` empty for a
  /// tmpfs, and for an image what it was called.
  ///
  /// @param options those of the mount as the runtime gets them
  /// @param fromImage made because the image asks for it, so it goes with the container
  /// @param copyUp whether an empty volume is filled with what the image has at the destination
  /// @param image the id of the image whose tree it is
  /// @param chain that image's layers
  /// @param idMap with what owners it is shown, as it was asked for; empty for those that the
  ///   container's user namespace makes of them
  @Json
  public record MountRecord(
      String type,
      @Nullable String name,
      String source,
      String destination,
      String mode,
      boolean writable,
      String propagation,
      List<String> options,
      boolean fromImage,
      boolean copyUp,
      @Nullable String subpath,
      @Nullable Digest image,
      @Nullable String chain,
      @Nullable String idMap) {
    /// A mount whose owners are shown as they are, and that is no image.
    public MountRecord(
        String type,
        @Nullable String name,
        String source,
        String destination,
        String mode,
        boolean writable,
        String propagation,
        List<String> options,
        boolean fromImage,
        boolean copyUp,
        @Nullable String subpath) {
      this(
          type,
          name,
          source,
          destination,
          mode,
          writable,
          propagation,
          options,
          fromImage,
          copyUp,
          subpath,
          null,
          null,
          null);
    }

    /// The same, its files shown with other owners.
    public MountRecord withIdMap(@Nullable String mapping) {
      return new MountRecord(
          type,
          name,
          source,
          destination,
          mode,
          writable,
          propagation,
          options,
          fromImage,
          copyUp,
          subpath,
          image,
          chain,
          mapping);
    }
  }
}
