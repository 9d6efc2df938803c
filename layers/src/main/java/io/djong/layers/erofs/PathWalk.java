package io.djong.layers.erofs;

import io.djong.linux.FileKind;
import io.djong.model.RawPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds what a path leads to as the kernel would below this root (`path_resolution(7)`,
/// `openat2(2)` with `RESOLVE_IN_ROOT`): links are followed, absolute ones from the root, and `..`
/// stops there.
final class PathWalk {
  /// The kernel's own limit (`MAXSYMLINKS`).
  private static final int LINKS = 40;

  private final Inode root;

  PathWalk(Inode root) {
    this.root = root;
  }

  /// How a walk ended.
  ///
  /// @param inode null if it did not arrive
  /// @param missing whether that is because there is nothing of a name
  /// @param why in words
  record End(@Nullable Inode inode, boolean missing, String why) {
    private static End at(Inode inode) {
      return new End(inode, false, "");
    }

    private static End not(boolean missing, String why) {
      return new End(null, missing, why);
    }
  }

  /// Where a path leads, a link at its end followed.
  End follow(RawPath path) {
    return walk(path, true);
  }

  /// What is at a path itself.
  End find(RawPath path) {
    return walk(path, false);
  }

  private End walk(RawPath path, boolean followLast) {
    Deque<RawPath> todo = new ArrayDeque<>(path.components());
    Inode here = root;
    int links = 0;
    while (!todo.isEmpty()) {
      if (!here.isFolder()) {
        return End.not(false, "not a folder");
      }
      RawPath name = todo.pop();
      if (name.climbs()) {
        here = here.parent == null ? root : here.parent;
        continue;
      }
      Inode next = here.names().get(name);
      if (next == null) {
        return End.not(true, "no such file or folder");
      }
      if (next.kind == FileKind.SYMLINK && (followLast || !todo.isEmpty())) {
        if (++links > LINKS) {
          return End.not(false, "too many links on the way");
        }
        if (next.target[0] == '/') {
          here = root;
        }
        List<RawPath> target = RawPath.of(next.target).components();
        target.reversed().forEach(todo::push);
      } else {
        here = next;
      }
    }
    return End.at(here);
  }
}
