package io.djong.cli;

import io.djong.api.ApiError;

/// Errors in words.
public final class Errors {
  private Errors() {}

  /// What the engine said, so that scripts that read Docker's errors can read it.
  public static String text(ApiError error) {
    return "Error response from daemon: " + error.getMessage();
  }
}
