package io.djong.daemon;

import io.djong.model.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The daemon's log: one line an event on a stream, the time first. Control characters are escaped,
/// so that no name out of an image can forge a line. Only what is a bug comes with its stack, on
/// further lines.
final class Log extends Handler {
  private final PrintStream out;

  private Log(PrintStream out) {
    this.out = out;
  }

  /// Sends what all of djong logs from this level on to the stream; of libraries only warnings.
  static Log begin(PrintStream out, Level level) {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(java.util.logging.Level.WARNING);
    Log log = new Log(out);
    root.addHandler(log);
    OURS.setLevel(
        switch (level) {
          case ALL, TRACE -> java.util.logging.Level.FINEST;
          case DEBUG -> java.util.logging.Level.FINE;
          case INFO -> java.util.logging.Level.INFO;
          case WARNING -> java.util.logging.Level.WARNING;
          case ERROR -> java.util.logging.Level.SEVERE;
          case OFF -> java.util.logging.Level.OFF;
        });
    return log;
  }

  /// Writes an event past the log's library, which closes itself at once when the process ends.
  void atTheEnd(java.util.logging.Level level, String message, @Nullable Throwable thrown) {
    LogRecord event = new LogRecord(level, message);
    event.setLoggerName("io.djong.daemon");
    event.setThrown(thrown);
    publish(event);
  }

  // Held, since the log's library forgets the level of a logger that nobody holds.
  private static final Logger OURS = Logger.getLogger("io.djong");

  @Override
  public void publish(LogRecord event) {
    if (isLoggable(event)) {
      out.print(text(event));
      out.flush();
    }
  }

  static String text(LogRecord event) {
    StringBuilder text = new StringBuilder(160);
    text.append(event.getInstant()).append(' ').append(word(event.getLevel())).append(' ');
    String name = event.getLoggerName() == null ? "" : event.getLoggerName();
    text.append(name.startsWith("io.djong.") ? name.substring(9) : name).append(": ");
    escape(new LineFormatter().formatMessage(event), text);
    Throwable thrown = event.getThrown();
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      text.append(": ");
      escape(each instanceof Fault ? String.valueOf(each.getMessage()) : each.toString(), text);
    }
    text.append('\n');
    if (thrown != null && !(thrown instanceof Fault) && !(thrown instanceof IOException)) {
      StringWriter stack = new StringWriter();
      thrown.printStackTrace(new PrintWriter(stack));
      stack
          .toString()
          .lines()
          .skip(1)
          .forEach(line -> escape("  " + line.strip(), text).append('\n'));
    }
    return text.toString();
  }

  private static String word(java.util.logging.@Nullable Level level) {
    int value = level == null ? 0 : level.intValue();
    return value >= 1000 ? "ERROR" : value >= 900 ? "WARN " : value >= 800 ? "INFO " : "DEBUG";
  }

  private static StringBuilder escape(String message, StringBuilder to) {
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        to.append("\\u").append(Character.forDigit(c >> 12, 16));
        to.append(Character.forDigit(c >> 8 & 15, 16)).append(Character.forDigit(c >> 4 & 15, 16));
        to.append(Character.forDigit(c & 15, 16));
      } else {
        to.append(c);
      }
    }
    return to;
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }

  private static final class LineFormatter extends Formatter {
    @Override
    public String format(LogRecord event) {
      return formatMessage(event);
    }
  }
}
