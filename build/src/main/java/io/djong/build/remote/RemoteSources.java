package io.djong.build.remote;

import io.djong.build.context.FileTree;
import io.djong.build.context.PackedTree;
import io.djong.build.graph.Operation;
import io.djong.build.plan.RemoteNames;
import io.djong.build.solve.Remotes;
import java.io.IOException;

/// Everything that a build fetches by an address: repositories by git, all else by HTTP. Safe for
/// use by several threads.
public final class RemoteSources implements Remotes, AutoCloseable {
  private final GitRemotes git;
  private final WebFiles web;

  /// @param git closed with this
  public RemoteSources(GitRemotes git, WebFiles web) {
    this.git = git;
    this.web = web;
  }

  @Override
  public FileTree download(Operation.Download download) throws IOException {
    return web.file(download.url(), download.checksum());
  }

  @Override
  public FileTree git(Operation.Git wanted) throws IOException, InterruptedException {
    return git.fetch(GitAddress.parse(wanted.url()), wanted.checksum(), wanted.keepGitDir());
  }

  /// A context behind an address.
  ///
  /// @param dockerfile what a Dockerfile that comes alone is called
  public PackedTree context(String url, String dockerfile)
      throws IOException, InterruptedException {
    return RemoteNames.isGit(url)
        ? git.fetch(GitAddress.parse(url), null, false)
        : web.context(url, dockerfile);
  }

  @Override
  public void close() throws IOException {
    git.close();
  }
}
