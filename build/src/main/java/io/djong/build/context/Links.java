package io.djong.build.context;

import io.djong.content.tar.TarEntry;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Follows links in a tree that is no folder of the machine, as the kernel would inside of a root.
/// Pure.
public final class Links {
  private static final int MAX_LINKS = 40;

  private Links() {}

  /// Knows what is at an exact path.
  @FunctionalInterface
  public interface Lookup {
    @Nullable TarEntry at(RawPath path) throws IOException;
  }

  /// Where a path leads. What is not there is taken as it is written.
  ///
  /// @param last whether the last component is followed too
  /// @throws Fault.Invalid if links lead in circles
  public static RawPath real(Lookup lookup, RawPath path, boolean last) throws IOException {
    Deque<RawPath> todo = new ArrayDeque<>(path.components());
    RawPath real = RawPath.ROOT;
    int links = 0;
    while (!todo.isEmpty()) {
      RawPath component = todo.pop();
      if (component.climbs()) {
        real = real.parent();
        continue;
      }
      RawPath next = real.resolve(component);
      TarEntry found = todo.isEmpty() && !last ? null : lookup.at(next);
      if (found == null || found.kind() != TarEntry.Kind.SYMLINK) {
        real = next;
        continue;
      }
      if (++links > MAX_LINKS) {
        throw new Fault.Invalid("\"" + path + "\": too many levels of symbolic links");
      }
      byte[] target = found.linkName();
      if (target.length > 0 && target[0] == '/') {
        real = RawPath.ROOT;
      }
      for (RawPath more : RawPath.of(target).components().reversed()) {
        todo.push(more);
      }
    }
    return real;
  }
}
