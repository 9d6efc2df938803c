package io.djong.engine.event;

import io.djong.engine.Events.Event;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Events on disk, for those who ask after a restart of the engine: one JSON object a line, in two
/// files of a bounded size. What was written survives the end of the daemon; a power cut may take
/// the last ones. Writing is done by a thread of its own: an event costs who tells it nothing.
final class EventJournal implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventJournal.class.getName());
  private static final long LARGEST = 1 << 20;

  /// So many may wait for the disk; more are left out of the journal.
  private static final int QUEUE = 16384;

  private static final Event LAST = new Event("", "", "", Map.of(), Instant.EPOCH);

  private final Path file;
  private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>(QUEUE);
  private final Thread writer;

  EventJournal(Path file) {
    this.file = file;
    this.writer = Thread.ofVirtual().name("journal of events").unstarted(this::write);
  }

  /// The events that are there, oldest first. A line that is none is passed over: the last one may
  /// be cut.
  List<Event> read() throws IOException {
    List<Event> all = new ArrayList<>();
    for (Path each : List.of(older(), file)) {
      for (String line : lines(each)) {
        Event event = parse(line);
        if (event != null) {
          all.add(event);
        }
      }
    }
    return all;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      // One byte is one letter here: damage in a line must not hide the others.
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static @org.jspecify.annotations.Nullable Event parse(String line) {
    try {
      byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
      if (Json.full().readTree(bytes) instanceof Map<?, ?> tree
          && tree.get("attributes") instanceof Map<?, ?> attributes) {
        Map<String, String> all = new TreeMap<>();
        attributes.forEach((key, value) -> all.put((String) key, String.valueOf(value)));
        return new Event(
            String.valueOf(tree.get("type")),
            String.valueOf(tree.get("action")),
            String.valueOf(tree.get("id")),
            all,
            Instant.parse(String.valueOf(tree.get("time"))));
      }
    } catch (Fault.Invalid | DateTimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "a line of the journal of events is none", e);
    }
    return null;
  }

  void open() {
    writer.start();
  }

  /// Never blocks.
  void add(Event event) {
    if (!queue.offer(event)) {
      LOG.log(System.Logger.Level.DEBUG, "the disk is too slow for all events");
    }
  }

  private void write() {
    try {
      for (Event event = queue.take(); !isLast(event); event = queue.take()) {
        List<Event> batch = new ArrayList<>(List.of(event));
        queue.drainTo(batch);
        boolean last = batch.removeIf(EventJournal::isLast);
        append(batch);
        if (last) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isLast(Event event) {
    return event.type().isEmpty();
  }

  private void append(List<Event> events) {
    StringBuilder text = new StringBuilder();
    for (Event event : events) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("time", event.time().toString());
      line.put("type", event.type());
      line.put("action", event.action());
      line.put("id", event.actorId());
      line.put("attributes", event.attributes());
      text.append(Json.full().writeText(line)).append('\n');
    }
    try {
      if (Files.exists(file) && Files.size(file) > LARGEST) {
        Files.move(file, older(), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      // A full disk must not take the engine's voice.
      LOG.log(System.Logger.Level.WARNING, "writing the journal of events", e);
    }
  }

  private Path older() {
    return file.resolveSibling(file.getFileName() + ".1");
  }

  /// Waits until all is written.
  @Override
  public void close() {
    queue.offer(LAST);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
