package io.djong.layers;

import io.djong.linux.Mount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One state of a file tree. The target of the mounts is the empty path: whoever mounts chooses
/// where.
public sealed interface Snapshot {
  /// A finished stack; never changes.
  record Committed(ChainId chain, @Nullable ChainId parent) implements Snapshot {}

  /// A tree that may be written, on top of a finished stack or of nothing.
  record Active(String key, @Nullable ChainId parent, List<Mount> mounts) implements Snapshot {}

  /// A finished stack to look at.
  record View(String key, ChainId parent, List<Mount> mounts) implements Snapshot {}
}
