package io.djong.build.remote;

import io.djong.build.context.FileTree;
import io.djong.build.graph.Operation;
import io.djong.build.solve.Remotes;
import io.djong.model.Fault;

/// Fetches nothing.
public final class NoRemotes implements Remotes {
  @Override
  public FileTree download(Operation.Download download) {
    throw new Fault.Unsupported("ADD of a URL is not there yet: " + download.url());
  }

  @Override
  public FileTree git(Operation.Git git) {
    throw new Fault.Unsupported("ADD of a repository is not there yet: " + git.url());
  }
}
