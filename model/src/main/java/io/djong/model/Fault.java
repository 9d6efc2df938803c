package io.djong.model;

import org.jspecify.annotations.Nullable;

/// What a user can cause and see. The message names the subject, the cause and, where there is one,
/// the next step, in Docker's words where clients look for them. It never carries a secret.
///
/// One exhaustive switch, in the daemon, maps a fault to the wire. What is neither a fault nor an
/// [java.io.IOException] is a bug of ours.
public abstract sealed class Fault extends RuntimeException {
  private Fault(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The request makes no sense as it stands (status 400).
  public static final class Invalid extends Fault {
    public Invalid(String message) {
      super(message, null);
    }

    public Invalid(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The request is understood and not allowed (status 403).
  public static final class Denied extends Fault {
    public Denied(String message) {
      super(message, null);
    }
  }

  /// What the request names is not there (status 404).
  public static final class NotFound extends Fault {
    public NotFound(String message) {
      super(message, null);
    }
  }

  /// The request does not fit the state of what it names (status 409).
  public static final class Conflict extends Fault {
    public Conflict(String message) {
      super(message, null);
    }
  }

  /// djong or this machine cannot do it (status 501).
  public static final class Unsupported extends Fault {
    public Unsupported(String message) {
      super(message, null);
    }
  }

  /// It cannot be done now and may work later (status 503).
  public static final class Unavailable extends Fault {
    public Unavailable(String message) {
      super(message, null);
    }

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The machine or a program on it refused while doing what was asked; the cause is the user's to
  /// mend (status 500, as Docker gives it for mounts, devices and runtimes that fail).
  public static final class Failed extends Fault {
    public Failed(String message) {
      super(message, null);
    }

    public Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
