package io.djong.build.context;

import io.djong.content.tar.TarEntry;
import io.djong.model.Digest;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Files to read. No path leads out of it: links are followed inside of it alone. Does not change
/// while it is open. Safe for use by several threads.
public interface FileTree extends AutoCloseable {
  /// What is there, of a link the link itself; null if nothing is. Links on the way are followed.
  @Nullable TarEntry find(RawPath path) throws IOException;

  /// The names in a folder, in their order.
  List<RawPath> list(RawPath folder) throws IOException;

  /// The content of a file.
  InputStream open(RawPath file) throws IOException;

  /// The digest of a file's content.
  Digest digest(RawPath file) throws IOException;

  @Override
  void close() throws IOException;
}
