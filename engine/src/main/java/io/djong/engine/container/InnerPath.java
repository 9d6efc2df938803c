package io.djong.engine.container;

import io.djong.linux.KernelException;
import io.djong.linux.PinnedPath;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.file.Path;

/// A path inside a container as the archive calls get it.
///
/// @param text as Docker shows it
/// @param name what it is called in an archive
/// @param followed whether a link at its end is followed: it ends in a slash or a dot
record InnerPath(String text, RawPath path, String name, boolean followed) {
  static InnerPath of(String text) {
    String absolute =
        Path.of("/").resolve(text.startsWith("/") ? text : "/" + text).normalize().toString();
    boolean dot = text.endsWith("/.") || text.equals(".");
    boolean followed = dot || text.endsWith("/") || absolute.equals("/");
    Path file = Path.of(absolute).getFileName();
    String name = dot || file == null ? "." : file.toString();
    return new InnerPath(
        text.startsWith("/") ? text : "/" + text, RawPath.of(absolute), name, followed);
  }

  /// Where a link leads, as an absolute path inside the root, whether anything is there or not.
  static String target(Root root, RawPath link) throws IOException {
    try (PinnedPath pinned = root.pin(link)) {
      Path below = root.path().toRealPath().relativize(pinned.path().toRealPath());
      return "/" + below;
    } catch (KernelException e) {
      String said = new String(root.readlink(link), java.nio.charset.StandardCharsets.UTF_8);
      Path base = Path.of("/" + link.parent());
      return base.resolve(said).normalize().toString();
    }
  }
}
