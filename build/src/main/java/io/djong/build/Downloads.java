package io.djong.build;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Files of the web, as far as a builder needs them. Safe for use by several threads.
public interface Downloads {
  /// Begins to fetch what is behind an `http` or `https` URL; redirects are followed.
  ///
  /// @throws io.djong.model.Fault if there is nothing, or it may not be fetched
  Download open(String url) throws IOException;

  /// A file on its way. Must be closed. Reading throws if it breaks off before its end.
  ///
  /// @param modified when it was made, if the server says so
  record Download(InputStream content, @Nullable Instant modified) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      content.close();
    }
  }
}
