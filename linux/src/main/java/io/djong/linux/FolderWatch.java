package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Tells of files that are written or renamed in folders (`inotify(7)`). Any thread may add and
/// remove folders while one waits for events.
public final class FolderWatch implements AutoCloseable {
  /// The key of the event which says that events were lost: anything may have changed.
  public static final int OVERFLOW = -1;

  private static final int IN_MODIFY = 0x2;
  private static final int IN_MOVED_TO = 0x80;
  private static final int IN_IGNORED = 0x8000;
  private static final int HEAD = 16;

  private final int descriptor;
  private final DescriptorStream stream;
  private final byte[] buffer = new byte[16 << 10];

  public FolderWatch(Poller poller) throws IOException {
    descriptor =
        ProcessCalls.check(
            "inotify_init1",
            ProcessCalls.call(
                ProcessCalls.INOTIFY_INIT1, ProcessCalls.O_CLOEXEC | ProcessCalls.O_NONBLOCK));
    stream = new DescriptorStream(poller, descriptor, "inotify");
  }

  /// Something happened to a name in a folder.
  ///
  /// @param key as [#add] returned it, or [#OVERFLOW]
  public record Event(int key, String name) {}

  /// Watches a folder; the same folder gives the same key.
  public int add(Path folder) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom(folder.toString()).address();
      return ProcessCalls.check(
          "inotify_add_watch \"" + folder + "\"",
          ProcessCalls.call(
              ProcessCalls.INOTIFY_ADD_WATCH, descriptor, path, IN_MODIFY | IN_MOVED_TO));
    }
  }

  /// Ends watching; harmless when the folder is gone.
  public void remove(int key) {
    ProcessCalls.call(ProcessCalls.INOTIFY_RM_WATCH, descriptor, key, 0);
  }

  /// Waits for events.
  public List<Event> next() throws IOException {
    List<Event> events = new ArrayList<>();
    while (events.isEmpty()) {
      int size = stream.read(buffer, 0, buffer.length);
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, size).order(ByteOrder.nativeOrder());
      while (bytes.remaining() >= HEAD) {
        int key = bytes.getInt();
        int mask = bytes.getInt();
        bytes.getInt();
        byte[] name = new byte[bytes.getInt()];
        bytes.get(name);
        if ((mask & IN_IGNORED) == 0) {
          String padded = new String(name, StandardCharsets.UTF_8);
          int end = padded.indexOf('\0');
          events.add(new Event(key, end < 0 ? padded : padded.substring(0, end)));
        }
      }
    }
    return events;
  }

  @Override
  public void close() {
    stream.close();
  }
}
