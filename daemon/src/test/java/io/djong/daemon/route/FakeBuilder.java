package io.djong.daemon.route;

import io.djong.build.BuildHistory;
import io.djong.build.BuildListener;
import io.djong.build.BuildRequest;
import io.djong.build.Builder;
import io.djong.model.Digest;
import java.util.Collection;
import java.util.List;

/// A builder that nobody asks to build.
public final class FakeBuilder implements Builder {
  @Override
  public BuildResult build(BuildRequest request, BuildListener listener) {
    throw new UnsupportedOperationException("nothing is built here");
  }

  @Override
  public ContextOffer offer(Collection<Digest> digests) {
    return new ContextOffer("lease", List.copyOf(digests));
  }

  @Override
  public List<Finding> check(BuildRequest request) {
    return List.of();
  }

  @Override
  public List<CacheEntry> cache() {
    return List.of();
  }

  @Override
  public Pruned prune(PruneWish wish) {
    return new Pruned(List.of(), 0);
  }

  @Override
  public BuildHistory history() {
    throw new UnsupportedOperationException("nothing was built here");
  }

  @Override
  public void close() {}
}
