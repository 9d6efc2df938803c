package io.djong.layers.overlay;

import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// Adds up the sizes of a tree's files as Docker does: folders count nothing, an inode with several
/// names counts once.
final class TreeSize {
  private TreeSize() {}

  static long of(Root root, RawPath tree) throws IOException {
    long bytes = 0;
    Set<Long> linked = new HashSet<>();
    Deque<RawPath> todo = new ArrayDeque<>();
    todo.push(tree);
    while (!todo.isEmpty()) {
      RawPath path = todo.pop();
      FileStatus status = root.find(path);
      if (status == null) {
        continue;
      }
      if (status.isFolder()) {
        root.list(path).forEach(name -> todo.push(path.resolve(name)));
      } else if (status.links() == 1 || linked.add(status.inode())) {
        bytes += status.size();
      }
    }
    return bytes;
  }
}
