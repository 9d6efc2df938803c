package io.djong.runtime.monitor;

import io.djong.model.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the OCI runtime said when it failed, for people. Its words are kept, but where clients look
/// for those of runc (`executable file not found in $PATH`) and crun has others.
final class RuntimeFailure {
  private static final String MARK = "msg=\"";
  private static final Pattern NO_PROGRAM =
      Pattern.compile("executable file `(.*)` not found in \\$PATH.*", Pattern.DOTALL);
  private static final Pattern NOT_RUNNABLE =
      Pattern.compile("^open executable: (Operation not permitted|Permission denied)$");

  /// What clients look for; Go, in which runc is written, begins it with a small letter.
  private static final Pattern ERROR =
      Pattern.compile("No such file or directory|Permission denied|Is a directory");

  private RuntimeFailure() {}

  /// @param verb what it should have done
  static Fault.Failed of(String verb, @Nullable SyncMessage message, Path log) throws IOException {
    String words = message == null ? "" : words(message.message());
    if (words.isEmpty()) {
      words = words(logged(log));
    }
    if (words.isEmpty()) {
      words = "the monitor ended without a word";
    }
    return new Fault.Failed("OCI runtime " + verb + " failed: " + words);
  }

  /// The runtime was ended because it took longer than it may.
  static Fault.Failed hung(String verb, Duration limit) {
    return new Fault.Failed(
        "OCI runtime "
            + verb
            + " failed: it did not answer within "
            + limit.toSeconds()
            + " seconds and was ended: look for processes that hang, then try again");
  }

  private static String logged(Path log) throws IOException {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return lines.isEmpty() ? "" : lines.getLast();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /// Takes a line of logrus (`time="…" level=error msg="…"`) apart; leaves any other as it is.
  static String words(String text) {
    String plain = text.strip();
    int from = plain.lastIndexOf(MARK);
    int to = plain.lastIndexOf('"');
    if (from >= 0 && to > from + MARK.length()) {
      plain = plain.substring(from + MARK.length(), to).replace("\\\"", "\"");
    }
    return asByRunc(plain).replace('\n', ' ');
  }

  private static String asByRunc(String words) {
    Matcher missing = NO_PROGRAM.matcher(words);
    if (missing.matches()) {
      String program = missing.group(1);
      return "exec: \""
          + program
          + "\": "
          + (program.indexOf('/') < 0
              ? "executable file not found in $PATH"
              : "stat " + program + ": no such file or directory");
    }
    String runnable = NOT_RUNNABLE.matcher(words).replaceFirst("exec: permission denied");
    return ERROR.matcher(runnable).replaceAll(error -> error.group().toLowerCase(Locale.ROOT));
  }
}
