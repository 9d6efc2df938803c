package io.djong.build.solve;

import io.djong.build.context.FileTree;
import io.djong.build.graph.Operation;
import java.io.IOException;

/// Fetches what a Dockerfile names elsewhere. Safe for use by several threads.
public interface Remotes {
  /// @throws io.djong.model.Fault if it is not there, is not what was promised, or may not be
  ///   fetched
  FileTree download(Operation.Download download) throws IOException, InterruptedException;

  /// See [#download].
  FileTree git(Operation.Git git) throws IOException, InterruptedException;
}
