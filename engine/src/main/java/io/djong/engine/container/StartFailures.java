package io.djong.engine.container;

import io.djong.model.Fault;
import java.util.Locale;

/// Reads in the runtime's words why a command could not be run, as Docker does.
///
/// @param code what the container's exit code becomes
/// @param fault what the user is told
record StartFailures(int code, Fault fault) {
  private static final int NOT_FOUND = 127;
  private static final int NOT_RUNNABLE = 126;
  private static final int OTHER = 128;

  static StartFailures of(Fault refusal) {
    if (!(refusal instanceof Fault.Failed)) {
      return new StartFailures(OTHER, refusal);
    }
    String said = String.valueOf(refusal.getMessage());
    String message =
        said.startsWith("OCI runtime create")
            ? "failed to create task for container: failed to create shim task: " + said
            : said;
    String lower = said.toLowerCase(Locale.ROOT);
    if ((lower.contains("executable file") && lower.contains("not found"))
        || lower.contains("no such file or directory")) {
      return new StartFailures(NOT_FOUND, new Fault.Invalid(message, refusal));
    }
    if (lower.contains("permission denied") || lower.contains("is a directory")) {
      return new StartFailures(NOT_RUNNABLE, new Fault.Invalid(message, refusal));
    }
    if (said.contains("not a directory")) {
      return new StartFailures(
          NOT_FOUND,
          new Fault.Invalid(
              message
                  + ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the"
                  + " specified host path exists and is the expected type",
              refusal));
    }
    return new StartFailures(OTHER, new Fault.Failed(message, refusal));
  }
}
