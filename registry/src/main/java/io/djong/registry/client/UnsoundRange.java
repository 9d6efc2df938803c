package io.djong.registry.client;

import java.io.IOException;

/// A server that says it gives parts of a blob did not give the one that was asked for. The whole
/// may be had from it all the same.
final class UnsoundRange extends IOException {
  UnsoundRange(String message) {
    super(message);
  }
}
