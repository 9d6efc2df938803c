package io.djong.runtime;

import io.djong.model.ContainerId;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Makes containers out of bundles. Processes outlive the daemon: a monitor beside each holds its
/// terminal, its log and its exit status. Safe for use by several threads, one call a container at
/// a time.
public interface ContainerRuntime {
  /// Name and version of the OCI runtime that is called where nobody names one. Asks it, which
  /// costs a process.
  Version version() throws IOException;

  /// The OCI runtimes that can be named: each name with the program's path.
  Map<String, Path> runtimes();

  /// Creates a container that waits for its start.
  ///
  /// @param bundle a folder with a `config.json` (OCI runtime specification 1.0) and what it refers
  ///   to
  /// @param runtime the OCI runtime's name, or empty for the one that [#version] tells. It stays
  ///   with the container
  /// @throws io.djong.model.Fault.Invalid if there is none of this name
  /// @throws io.djong.model.Fault.Failed if the runtime refused; its own words are in the message.
  ///   Nothing is left behind
  ContainerProcess create(ContainerId id, Path bundle, Stdio stdio, String runtime)
      throws IOException;

  /// The container that an earlier daemon created, running or ended.
  ///
  /// @throws io.djong.model.Fault.NotFound if neither the monitor nor the runtime knows it any more
  ContainerProcess reattach(ContainerId id, Path bundle, Stdio stdio) throws IOException;

  /// Reads the log of a container that does not run, or is not known any more; never waits for
  /// more.
  LogReader logs(Stdio stdio, LogQuery query) throws IOException;

  record Version(String name, String version) {}
}
