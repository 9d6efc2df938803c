package io.djong.build;

import io.djong.build.BuildRequest.StepSurroundings;
import io.djong.model.ContainerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Runs the command of a step as a container would run: the engine's profile, limits and networks.
/// Safe for use by several threads.
public interface StepRunner {
  /// Runs it to its end; whoever is interrupted meanwhile ends it. Nothing is left but what it
  /// changed in its tree.
  ///
  /// @return its exit code
  int run(StepCommand command, OutputListener output) throws IOException, InterruptedException;

  /// @param id also the key of the active snapshot that is its tree
  /// @param network overrides that of the surroundings unless it is `default`
  /// @param insecure whether it runs with all privileges
  /// @param secret whether its variables are secrets, which must not reach a disk
  record StepCommand(
      ContainerId id,
      List<String> args,
      List<String> env,
      String user,
      String workingDir,
      List<StepMount> mounts,
      String network,
      boolean insecure,
      boolean secret,
      StepSurroundings surroundings) {}

  /// A folder or file of this machine that the command finds in its tree.
  ///
  /// @param source null is a file system in memory
  record StepMount(
      @org.jspecify.annotations.Nullable Path source,
      String target,
      boolean writable,
      List<String> options) {}

  @FunctionalInterface
  interface OutputListener {
    void on(boolean stderr, byte[] bytes);
  }
}
