package io.djong.cli.format;

/// A template that cannot be read, or that asks for what is not there.
public final class TemplateException extends RuntimeException {
  TemplateException(String message) {
    super(message);
  }

  /// The sentence for the user. Never null.
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
