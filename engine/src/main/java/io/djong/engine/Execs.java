package io.djong.engine;

import io.djong.model.ContainerId;
import io.djong.runtime.ContainerProcess.Attachment;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Processes that are started in running containers. Safe for use by several threads.
public interface Execs {
  /// @return the exec's id, 64 hex digits
  /// @throws io.djong.model.Fault.Conflict if the container does not run, or is paused
  String create(String containerRef, ExecConfig config) throws IOException;

  /// Starts it; once only.
  ///
  /// @param begun called when nothing but the runtime can refuse any more, before it is asked: who
  ///   streams the answer takes the connection over then, so that its head is long gone when output
  ///   comes
  /// @return its streams, connected before the process could write; null if `detach`
  /// @throws io.djong.model.Fault.Conflict if it was started before
  @Nullable Attachment start(
      String id, boolean detach, @Nullable Boolean tty, int columns, int rows, Begun begun)
      throws IOException, InterruptedException;

  void resize(String id, int columns, int rows) throws IOException;

  /// @throws io.djong.model.Fault.NotFound if there is no such exec
  ExecDetails inspect(String id) throws IOException;

  /// Hears that an exec begins.
  @FunctionalInterface
  interface Begun {
    void accept() throws IOException;
  }

  record ExecConfig(
      List<String> cmd,
      List<String> env,
      @Nullable String user,
      @Nullable String workingDir,
      boolean tty,
      boolean attachStdin,
      boolean attachStdout,
      boolean attachStderr,
      boolean privileged,
      @Nullable String detachKeys) {}

  /// `exitCode` is null while it has not ended.
  record ExecDetails(
      String id,
      ContainerId container,
      ExecConfig config,
      boolean running,
      @Nullable Integer exitCode,
      int pid) {}
}
