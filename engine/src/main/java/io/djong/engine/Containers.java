package io.djong.engine;

import io.djong.model.ContainerId;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The containers of this engine and their lives. Wherever a container is named, `ref` is its id, a
/// prefix of its id that no other has, or its name.
///
/// What a call did is durable when it returns. Safe for use by several threads; calls for one
/// container take turns where they change it.
///
/// Every method that takes a `ref` throws [io.djong.model.Fault.NotFound] (`No such container:
/// ref`) if there is none, and [io.djong.model.Fault.Invalid] if a prefix fits several.
public interface Containers {
  /// Makes a container that does not run yet.
  ///
  /// @param name without a slash; null draws one
  /// @throws io.djong.model.Fault.NotFound if the image is not there (`No such image: …`)
  /// @throws io.djong.model.Fault.Conflict if the name is taken
  /// @throws io.djong.model.Fault.Invalid if the configuration makes no sense
  Created create(
      @Nullable String name,
      ContainerConfig config,
      HostConfig host,
      NetworkingConfig networking,
      @Nullable String platform)
      throws IOException;

  /// @return false if it runs already
  /// @throws io.djong.model.Fault the runtime's refusal, as Docker words it: a command that is not
  ///   there or not executable is Invalid; the container stays, ended with code 127 or 126 (or 128)
  boolean start(String ref) throws IOException, InterruptedException;

  /// Asks it to end (its stop signal), then ends it (SIGKILL).
  ///
  /// @param signal null takes the container's own
  /// @param timeoutSeconds null takes the container's own (10 by default), negative waits for ever
  /// @return false if it does not run
  boolean stop(String ref, @Nullable String signal, @Nullable Integer timeoutSeconds)
      throws IOException, InterruptedException;

  void restart(String ref, @Nullable String signal, @Nullable Integer timeoutSeconds)
      throws IOException, InterruptedException;

  /// @param signal a name with or without SIG, or a number
  /// @throws io.djong.model.Fault.Conflict if it does not run
  void kill(String ref, String signal) throws IOException, InterruptedException;

  /// Joins it to one more network, at once if it runs.
  ///
  /// @param network a name, an id or a prefix of it
  /// @throws io.djong.model.Fault.Denied if it is in this network
  void connect(String ref, String network, NetworkingConfig.EndpointConfig asked)
      throws IOException;

  /// Takes it out of a network, at once if it runs.
  void disconnect(String ref, String network) throws IOException;

  void pause(String ref) throws IOException;

  void unpause(String ref) throws IOException;

  /// Takes a link (`--link`) away from a container, and its line in `/etc/hosts` if it runs.
  ///
  /// @param alias by which it knows the other one
  /// @throws io.djong.model.Fault.NotFound if it has no such link
  void unlink(String ref, String alias) throws IOException;

  /// @throws io.djong.model.Fault.Conflict if the name is taken
  void rename(String ref, String newName) throws IOException;

  /// @param force ends it first if it runs
  /// @param volumes also removes its anonymous volumes
  /// @throws io.djong.model.Fault.Conflict if it runs and force is not given
  void remove(String ref, boolean force, boolean volumes) throws IOException, InterruptedException;

  /// Ended containers that fit are removed.
  Pruned prune(Filters filters) throws IOException, InterruptedException;

  /// @param size whether `sizes` is wanted (it walks the writable layer)
  ContainerDetails inspect(String ref, boolean size) throws IOException;

  /// @param limit the newest so many, also ended ones; 0 means all that `all` allows
  List<ContainerDetails> list(boolean all, int limit, boolean size, Filters filters)
      throws IOException;

  /// Registers interest before it returns, so that an end right afterwards is not missed.
  PendingExit awaitExit(String ref, WaitCondition condition) throws IOException;

  /// Connects to the streams of a container, running or not yet started.
  ///
  /// @throws io.djong.model.Fault.Conflict if it is paused
  Attachment attach(String ref) throws IOException;

  LogReader logs(String ref, LogQuery query) throws IOException;

  /// What stands beside each line of its log: labels and variables that its log's options name.
  Map<String, String> logAttributes(String ref) throws IOException;

  /// Runs `ps` with these arguments over the container's processes.
  ///
  /// @throws io.djong.model.Fault.Conflict if it does not run
  Top top(String ref, String psArguments) throws IOException, InterruptedException;

  /// One look at what it uses.
  ContainerUsage usage(String ref) throws IOException;

  /// Changes its limits and its restart policy, also while it runs. What `wanted` does not say (0,
  /// null, empty) stays as it is.
  ///
  /// @param policy null leaves it
  /// @return warnings
  /// @throws io.djong.model.Fault.Conflict if the change contradicts what stays
  List<String> update(String ref, HostConfig wanted, HostConfig.@Nullable RestartPolicy policy)
      throws IOException;

  /// Publishes more ports, or fewer, also while it runs; all or nothing.
  ///
  /// @param add by `port/protocol`
  /// @param remove a binding without a host port means all of that port
  /// @throws io.djong.model.Fault.Conflict if a host port is taken
  /// @throws io.djong.model.Fault.NotFound if one that is to go is not published
  void changePorts(
      String ref,
      Map<String, List<HostConfig.PortBinding>> add,
      Map<String, List<HostConfig.PortBinding>> remove)
      throws IOException;

  List<io.djong.layers.Snapshotter.Change> changes(String ref) throws IOException;

  /// Writes the whole tree as a tar.
  void export(String ref, OutputStream tar) throws IOException;

  void resize(String ref, int columns, int rows) throws IOException;

  /// One file's status inside the container; links in the last component are not followed.
  ///
  /// @throws io.djong.model.Fault.NotFound if the path is not there
  PathStat statPath(String ref, String path) throws IOException;

  /// Writes a file or folder as a tar, its base name first.
  PathStat copyOut(String ref, String path, CopySink sink) throws IOException;

  /// Unpacks a tar (plain, gzip or zstd) into a folder of the container.
  ///
  /// @throws io.djong.model.Fault.Denied if the root or the volume is read-only
  void copyIn(
      String ref, String path, InputStream tar, boolean noOverwriteDirNonDir, boolean copyUidGid)
      throws IOException;

  record Created(ContainerId id, List<String> warnings) {}

  /// A wait that has begun.
  interface PendingExit {
    /// @return the exit status; its code is that of the container also when it was removed
    ExitStatus await() throws InterruptedException;
  }

  enum WaitCondition {
    NOT_RUNNING,
    NEXT_EXIT,
    REMOVED
  }

  record Top(List<String> titles, List<List<String>> processes) {}

  record Pruned(List<String> deleted, long spaceReclaimed) {}

  /// `mode` is Go's `os.FileMode` number, as the header X-Docker-Container-Path-Stat wants it.
  record PathStat(String name, long size, long mode, String mtime, String linkTarget) {}

  /// Takes the status first, then gives the stream to write to.
  @FunctionalInterface
  interface CopySink {
    OutputStream open(PathStat stat) throws IOException;
  }
}
