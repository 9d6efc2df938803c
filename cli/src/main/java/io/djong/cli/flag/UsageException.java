package io.djong.cli.flag;

/// The words of a command cannot be read. The message says which.
public final class UsageException extends RuntimeException {
  public UsageException(String message) {
    super(message);
  }

  /// The sentence for the user. Never null.
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
