package io.djong.build.context;

import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;

/// Bytes of many files. Safe for use by several threads.
interface Contents {
  /// The bytes of one of them.
  ///
  /// @param offset where they begin
  /// @param size how many they are
  /// @param digest what they are
  InputStream open(long offset, long size, Digest digest) throws IOException;
}
