package io.djong.daemon.route;

import io.djong.api.ErrorAnswer;
import io.djong.http.HttpResponse;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/// Turns what went wrong into an answer: the one place where faults become statuses.
final class Failures {
  private static final Logger LOG = System.getLogger("io.djong.daemon");

  private Failures() {}

  static int status(Fault fault) {
    return switch (fault) {
      case Fault.Invalid _ -> 400;
      case Fault.Denied _ -> 403;
      case Fault.NotFound _ -> 404;
      case Fault.Conflict _ -> 409;
      case Fault.Failed _ -> 500;
      case Fault.Unsupported _ -> 501;
      case Fault.Unavailable _ -> 503;
    };
  }

  /// Answers a fault, in its own words.
  static void answer(HttpResponse response, Fault fault) throws IOException {
    send(response, status(fault), text(fault));
  }

  /// Answers a failure of bytes or kernel: status 500 with its words, since the user can mend some
  /// of them.
  static void answer(HttpResponse response, String what, IOException failure) throws IOException {
    LOG.log(Level.WARNING, what, failure);
    send(response, 500, text(failure));
  }

  /// Answers what is a bug of ours; the details are in the log only.
  static void answerBug(HttpResponse response, String what, RuntimeException bug)
      throws IOException {
    LOG.log(Level.ERROR, what, bug);
    send(response, 500, "internal error: see the daemon's log");
  }

  /// The sentence for people; that of a full disk says what to do.
  static String text(Throwable failure) {
    if (isNoSpace(failure)) {
      return "no space left on device: free some with djong system prune, or use another data root";
    }
    String message = failure.getMessage();
    if (failure instanceof FileSystemException file && file.getReason() == null) {
      return file.getClass().getSimpleName() + ": " + file.getFile();
    }
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static boolean isNoSpace(@Nullable Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = each.getMessage();
      if (each instanceof IOException
          && message != null
          && message.contains("No space left on device")) {
        return true;
      }
    }
    return false;
  }

  static void send(HttpResponse response, int status, String message) throws IOException {
    if (!response.committed()) {
      byte[] json = Json.full().write(new ErrorAnswer(message));
      byte[] line = new byte[json.length + 1];
      System.arraycopy(json, 0, line, 0, json.length);
      line[json.length] = '\n';
      response.status(status).header("Content-Type", "application/json").send(line);
    }
  }
}
