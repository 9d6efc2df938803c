package io.djong.engine;

import io.djong.model.ContainerId;
import io.djong.model.container.HostConfig;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.runtime.ContainerProcess.Output;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.util.List;

/// Runs single commands on trees that somebody prepared, with the profile, the limits and the
/// network of a container, which they are to nobody: they are in no list, tell no events and leave
/// nothing but what they changed in their tree. Safe for use by several threads.
public interface Jobs {
  /// Runs a command to its end. Its output is given as it comes, from another thread. Whoever is
  /// interrupted meanwhile ends it.
  ///
  /// @throws io.djong.model.Fault if it cannot be started, as for a container
  ExitStatus run(Job job, OutputListener output) throws IOException, InterruptedException;

  /// What is run.
  ///
  /// @param id also the key of the active snapshot that is its tree, prepared by the caller and the
  ///   caller's to remove
  /// @param user as an image names it; empty is root
  /// @param mounts the places they go to are made for the time of the job alone
  /// @param secret whether its variables are secrets, which must not reach a disk
  record Job(
      ContainerId id,
      List<String> args,
      List<String> env,
      String user,
      String workingDir,
      HostConfig host,
      List<MountRecord> mounts,
      boolean secret) {
    public Job {
      args = List.copyOf(args);
      env = List.copyOf(env);
      mounts = List.copyOf(mounts);
    }
  }

  /// Gets output piece by piece.
  @FunctionalInterface
  interface OutputListener {
    void on(Output output);
  }
}
