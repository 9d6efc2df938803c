package io.djong.api;

import java.io.IOException;

/// The engine refused: the status of its answer and the sentence in it.
public final class ApiError extends IOException {
  private final int status;

  public ApiError(int status, String message) {
    super(message);
    this.status = status;
  }

  public int status() {
    return status;
  }

  /// The engine's own sentence. Never null.
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
