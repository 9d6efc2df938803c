package io.djong.layers.overlay;

import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// How large a tree is.
///
/// @param files the sizes of its files as Docker adds them up: folders count nothing, an inode with
///   several names counts once
/// @param disk what all of it takes on the disk, folders too
record TreeSize(long files, long disk) {
  private static final int BLOCK = 512;

  static TreeSize of(Root root, RawPath tree) throws IOException {
    long files = 0;
    long blocks = 0;
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
        blocks += status.blocks();
      } else if (status.links() == 1 || linked.add(status.inode())) {
        files += status.size();
        blocks += status.blocks();
      }
    }
    return new TreeSize(files, blocks * BLOCK);
  }
}
