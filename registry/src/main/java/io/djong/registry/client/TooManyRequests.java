package io.djong.registry.client;

import java.io.IOException;

/// The server wants to be asked less, and others of ours are asking it meanwhile.
final class TooManyRequests extends IOException {
  TooManyRequests(String message) {
    super(message);
  }
}
