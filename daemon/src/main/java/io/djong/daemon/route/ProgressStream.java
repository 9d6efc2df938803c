package io.djong.daemon.route;

import io.djong.api.StreamMessage;
import io.djong.http.HttpResponse;
import io.djong.model.Fault;
import io.djong.model.Progress;
import io.djong.model.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/// An answer that tells how long work goes on, one message a line. It begins with the first
/// message; what goes wrong before gets its status, what goes wrong later a last message. Safe for
/// use by several threads.
final class ProgressStream implements Progress {
  /// Work that fails with a fault or an [IOException].
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static final Logger LOG = System.getLogger("io.djong.daemon");
  private static final long PAUSE_NANOS = 100_000_000;

  private final HttpResponse response;
  private final LazyStream out;
  private final boolean quiet;
  private final Map<String, Long> lastTold = new HashMap<>();
  private boolean broken;

  /// @param quiet leaves out what concerns parts
  ProgressStream(HttpResponse response, boolean quiet) {
    this.response = response;
    this.out = new LazyStream(response, "application/json");
    this.quiet = quiet;
  }

  /// Does the work and ends the answer.
  void tell(Work work) throws IOException, InterruptedException {
    try {
      work.run();
    } catch (Fault | IOException e) {
      if (!response.committed()) {
        throw e;
      }
      LOG.log(Level.DEBUG, "told in a progress stream", e);
      send(StreamMessage.error(Failures.text(e)));
    }
    out.end();
  }

  @Override
  public void on(Event event) {
    String id = event.id();
    if (id == null) {
      // Docker's word for people's eyes, and clients look for it: a line of its own.
      send(
          event.status().startsWith("Loaded image")
              ? StreamMessage.stream(event.status() + "\n")
              : StreamMessage.status(null, event.status()));
    } else if (!quiet && isDue(event, id)) {
      send(
          event.total() == 0 && event.current() == 0
              ? StreamMessage.part(id, event.status())
              : StreamMessage.progress(id, event.status(), event.current(), event.total()));
    }
  }

  private synchronized boolean isDue(Event event, String id) {
    if (event.total() == 0 || event.current() >= event.total()) {
      return true;
    }
    long now = System.nanoTime();
    Long last = lastTold.get(id);
    if (last != null && now - last < PAUSE_NANOS) {
      return false;
    }
    lastTold.put(id, now);
    return true;
  }

  synchronized void send(StreamMessage message) {
    if (broken) {
      return;
    }
    try {
      out.write(Json.lean().write(message));
      out.write('\n');
      out.flush();
    } catch (IOException e) { // The work is wanted also by those who do not look on.
      broken = true;
      LOG.log(Level.DEBUG, "nobody looks on any more", e);
    }
  }
}
