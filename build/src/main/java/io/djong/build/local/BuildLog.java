package io.djong.build.local;

import io.djong.build.BuildListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a build says, as lines of text in a file of bounded size, in the order it is said. The file
/// is made with the first line. Safe for use by several threads.
final class BuildLog implements BuildListener, AutoCloseable {
  private static final long MOST = 2 << 20;

  private final Path file;
  private final InstantSource clock;
  private final Instant began;

  /// Guards all below.
  private final Object lock = new Object();

  private final List<String> instructions = new ArrayList<>();
  private final Map<Integer, String> open = new HashMap<>();
  private @Nullable OutputStream out;
  private long written;
  private boolean closed;

  BuildLog(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
    this.began = clock.instant();
  }

  @Override
  public void on(Event event) {
    synchronized (lock) {
      switch (event) {
        case Event.Planned(List<String> all) -> instructions.addAll(all);
        case Event.Started(int number, String _) -> line(number, title(number));
        case Event.Output(int number, boolean _, byte[] bytes) ->
            output(number, new String(bytes, StandardCharsets.UTF_8));
        case Event.Done done -> {
          rest(done.number());
          if (done.cached()) {
            line(done.number(), "CACHED " + title(done.number()));
          } else {
            line(done.number(), "DONE");
          }
        }
        case Event.Failed(int number, int code) -> {
          rest(number);
          line(number, code == 0 ? "ERROR" : "ERROR: exit code " + code);
        }
        case Event.Warning(String text) -> line(0, text);
      }
    }
  }

  private String title(int number) {
    return number > 0 && number <= instructions.size() ? instructions.get(number - 1) : "";
  }

  private void output(int number, String text) {
    String all = open.getOrDefault(number, "") + text;
    int end = all.lastIndexOf('\n');
    if (end >= 0) {
      all.substring(0, end).lines().forEach(line -> line(number, line));
    }
    open.put(number, all.substring(end + 1));
  }

  private void rest(int number) {
    String rest = open.remove(number);
    if (rest != null && !rest.isEmpty()) {
      line(number, rest);
    }
  }

  private void line(int number, String text) {
    double seconds = Duration.between(began, clock.instant()).toMillis() / 1000.0;
    byte[] bytes =
        String.format(Locale.ROOT, "#%d %.1fs %s%n", number, seconds, text)
            .getBytes(StandardCharsets.UTF_8);
    written += bytes.length;
    if (closed || written > MOST) {
      return;
    }
    try {
      if (out == null) {
        out = Files.newOutputStream(file);
      }
      out.write(bytes);
    } catch (IOException e) {
      // Nobody's build fails because its log cannot be kept.
      closed = true;
      System.getLogger(BuildLog.class.getName())
          .log(System.Logger.Level.WARNING, "the log of a build is not kept", e);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      try {
        if (out != null) {
          out.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
