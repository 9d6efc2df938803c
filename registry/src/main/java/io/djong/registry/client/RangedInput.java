package io.djong.registry.client;

import io.djong.model.Descriptor;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The bytes of a large blob, in their order, over several connections where one is slower than the
/// reader. It begins as one stream; when the reader waits more than he works, others bring pieces
/// from further on, which wait in files. A server that gives another part than it was asked for is
/// asked for no more parts; one that wants to be asked less gets fewer connections. What came of
/// pieces outlives a cut and this process. The bytes are not verified here. For one thread.
final class RangedInput extends InputStream {
  private static final int BUFFER = 128 << 10;
  private static final System.Logger LOG = System.getLogger("io.djong.registry");

  private final Remote remote;
  private final Descriptor blob;
  private final Ranges ranges;
  private final PieceFolders.Folder folder;
  private final Pause pause;
  private final Pace pace;
  private final List<Thread> connections = new ArrayList<>();
  private long position;
  private @Nullable BlobInput single;
  private boolean alone;
  private @Nullable RangeWindow window;
  private RangeWindow.@Nullable Piece piece;
  private @Nullable FileChannel file;
  private boolean closed;

  private RangedInput(
      Remote remote,
      Descriptor blob,
      Ranges ranges,
      PieceFolders.Folder folder,
      long from,
      Pause pause) {
    this.remote = remote;
    this.blob = blob;
    this.ranges = ranges;
    this.folder = folder;
    this.position = from;
    this.pause = pause;
    this.pace = ranges.pace().get();
  }

  /// Opens a blob from one of its bytes on. A small one, and one that is being read already, comes
  /// as one stream.
  ///
  /// @throws Fault.NotFound if it is not there
  static InputStream open(Remote remote, Descriptor blob, Ranges ranges, long from, Pause pause)
      throws IOException {
    PieceFolders.Folder folder =
        blob.size() - from < ranges.least() && from == 0
            ? null
            : ranges.folders().of(blob.digest());
    if (folder == null) {
      return BlobInput.open(remote, blob, from, pause);
    }
    RangedInput input = new RangedInput(remote, blob, ranges, folder, from, pause);
    boolean kept = false;
    try {
      input.begin();
      kept = true;
      return input;
    } finally {
      if (!kept) {
        input.close();
      }
    }
  }

  private void begin() throws IOException {
    Map<Long, Long> left = folder.left(position);
    if (left.isEmpty()) {
      single = BlobInput.open(remote, blob, position, pause);
      return;
    }
    RangeWindow begun = new RangeWindow(ranges, folder, position, blob.size(), left);
    long missing = begun.firstMissing();
    BlobInput first = missing == blob.size() ? null : BlobInput.open(remote, blob, missing, pause);
    window = begun;
    if (first != null) {
      start(begun, first);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    long before = pace.now();
    BlobInput one = single;
    int n;
    if (one != null) {
      n = one.read(bytes, offset, length);
    } else if (position == blob.size()) {
      return -1;
    } else {
      n = readPiece(bytes, offset, length);
    }
    position += Math.max(0, n);
    pace.waited(pace.now() - before);
    adjust();
    return n;
  }

  private int readPiece(byte[] bytes, int offset, int length) throws IOException {
    RangeWindow in = Objects.requireNonNull(window);
    RangeWindow.Piece current = in.await(position);
    if (current == null) {
      return alone(in).read(bytes, offset, length);
    }
    FileChannel open = file;
    if (current != piece || open == null) {
      if (open != null) {
        open.close();
      }
      open = FileChannel.open(folder.file(current.first), StandardOpenOption.READ);
      file = open;
      piece = current;
    }
    long there = current.first + in.came(current) - position;
    ByteBuffer into = ByteBuffer.wrap(bytes, offset, (int) Math.min(length, there));
    int n = open.read(into, position - current.first);
    if (n <= 0) {
      throw new IOException("a part of blob " + blob.digest() + " was cut short on the disk");
    }
    return n;
  }

  /// Goes on as one stream for good.
  private BlobInput alone(RangeWindow ended) throws IOException {
    IOException why = ended.failure();
    LOG.log(System.Logger.Level.DEBUG, "blob " + blob.digest() + " goes on as one stream", why);
    stop();
    window = null;
    folder.clear();
    alone = true;
    BlobInput rest =
        why instanceof UnsoundRange
            ? BlobInput.whole(remote, blob, position, pause)
            : BlobInput.open(remote, blob, position, pause);
    single = rest;
    return rest;
  }

  private void adjust() throws IOException {
    BlobInput one = single;
    RangeWindow many = window;
    if (alone || (one != null && (!one.ranges() || blob.size() - position < ranges.least()))) {
      return;
    }
    if (one != null) {
      if (pace.connections(position) > 1 && spare().take()) {
        many = new RangeWindow(ranges, folder, position, blob.size(), Map.of());
        window = many;
        single = null;
        start(many, one);
        startSpare(many);
      }
    } else if (many != null) {
      int missing = many.want(pace.connections(many.arrived()));
      if (missing > 0) {
        if (spare().take()) {
          startSpare(many);
        } else {
          pace.fewer(missing);
        }
      }
    }
  }

  private SpareConnections spare() {
    return remote.requests().server().spare();
  }

  private void start(RangeWindow in, BlobInput first) {
    in.enter();
    run(in, first, false);
  }

  private void startSpare(RangeWindow in) {
    in.enter();
    run(in, null, true);
  }

  private void run(RangeWindow in, @Nullable BlobInput first, boolean spare) {
    connections.add(
        Thread.ofVirtual().name("range-", connections.size()).start(() -> bring(in, first, spare)));
  }

  /// One connection's life.
  private void bring(RangeWindow in, @Nullable BlobInput first, boolean spare) {
    boolean taken = spare;
    BlobInput open = first;
    try {
      for (RangeWindow.Piece next = in.take(); next != null; next = in.take()) {
        long from = next.first + in.came(next);
        if (open == null || open.position() != from || open.end() < next.end) {
          if (open != null) {
            open.close();
          }
          open = BlobInput.part(remote, blob, from, next.end, false, pause);
        }
        try {
          bring(in, next, open);
        } catch (TooManyRequests e) {
          open.close();
          open = null;
          spare().fewer(taken);
          taken = false;
          if (in.leave(next)) {
            return;
          }
          open = BlobInput.part(remote, blob, next.first + in.came(next), next.end, true, pause);
          bring(in, next, open);
        }
      }
    } catch (IOException e) {
      in.end(e);
    } catch (RuntimeException | Error e) {
      in.end(new IOException(e));
    } finally {
      end(open);
      if (taken) {
        spare().give();
      }
    }
  }

  private void bring(RangeWindow in, RangeWindow.Piece next, BlobInput open) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (FileChannel into =
        FileChannel.open(
            folder.file(next.first), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      long came = in.came(next);
      into.truncate(came);
      boolean wanted = true;
      while (wanted && next.first + came < next.end) {
        int most = (int) Math.min(BUFFER, next.end - next.first - came);
        int n = open.read(buffer, 0, most);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        for (long at = came; bytes.hasRemaining(); ) {
          at += into.write(bytes, at);
        }
        came += n;
        wanted = in.arrived(next, n);
      }
      if (wanted && open.end() == next.end && open.read(buffer, 0, 1) >= 0) {
        throw new UnsoundRange("more than blob " + blob.digest() + " has");
      }
    }
  }

  private static void end(@Nullable BlobInput open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing a connection", e);
    }
  }

  /// Ends the connections, and waits until none writes any more.
  private void stop() throws IOException {
    if (window != null) {
      window.end(null);
    }
    connections.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread each : connections) {
      while (true) {
        try {
          each.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    connections.clear();
    if (file != null) {
      file.close();
      file = null;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (folder) {
      stop();
      if (single != null) {
        single.close();
      }
      if (position == blob.size()) {
        folder.clear();
      }
    }
  }
}
