package io.djong.cli.command;

import io.djong.api.BuildEvent;
import io.djong.cli.Console;
import io.djong.cli.terminal.Terminal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// All instructions at once, redrawn in place: what runs with its time and its last lines, what was
/// there already, what failed.
final class TerminalDisplay implements BuildDisplay {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int MOST_LINES = 5;
  private static final int MOST_KEPT = 50;
  private static final int MIN_WIDTH = 20;

  private final Console console;
  private final int rows;
  private final int columns;
  private final long began = System.nanoTime();
  private final Thread ticker;

  /// Guards all below.
  private final Object lock = new Object();

  private final List<Row> steps = new ArrayList<>();
  private int drawn;
  private boolean over;

  private enum State {
    WAITING,
    RUNNING,
    DONE,
    CACHED,
    FAILED
  }

  /// One instruction.
  private static final class Row {
    private final String title;
    private State state = State.WAITING;
    private long since;
    private long took;
    private String open = "";
    private final Deque<String> said = new ArrayDeque<>();

    Row(String title) {
      this.title = title;
    }
  }

  TerminalDisplay(Console console) throws IOException {
    this.console = console;
    List<Integer> size = console.inputIsTerminal() ? Terminal.size() : List.of(24, 80);
    this.rows = Math.max(MOST_LINES + 3, size.get(0));
    this.columns = Math.max(MIN_WIDTH, size.get(1));
    this.ticker = Thread.ofVirtual().name("progress").start(this::tick);
  }

  private void tick() {
    while (true) {
      LockSupport.parkNanos(REDRAW_NANOS);
      synchronized (lock) {
        if (over) {
          return;
        }
        draw(false);
      }
    }
  }

  @Override
  public void take(BuildEvent event) {
    synchronized (lock) {
      switch (event.kind()) {
        case "planned" ->
            PlainDisplay.texts(event).forEach(text -> steps.add(new Row(BuildDisplay.title(text))));
        case "warning" -> {
          erase();
          PlainDisplay.texts(event).forEach(console::say);
        }
        default -> {
          if (event.number() > 0 && event.number() <= steps.size()) {
            take(event, steps.get(event.number() - 1));
          }
        }
      }
    }
  }

  private static void take(BuildEvent event, Row row) {
    switch (event.kind()) {
      case "started" -> {
        row.state = State.RUNNING;
        row.since = System.nanoTime();
      }
      case "output" -> {
        String all = row.open + String.join("", PlainDisplay.texts(event));
        int end = all.lastIndexOf('\n');
        row.open = all.substring(end + 1);
        all.substring(0, Math.max(0, end)).lines().forEach(row.said::add);
        while (row.said.size() > MOST_KEPT) {
          row.said.removeFirst();
        }
      }
      case "done" -> end(row, event.cached() ? State.CACHED : State.DONE);
      case "failed" -> end(row, State.FAILED);
      default -> {}
    }
  }

  private static void end(Row row, State state) {
    row.took = row.since == 0 ? 0 : System.nanoTime() - row.since;
    row.state = state;
    if (!row.open.isEmpty()) {
      row.said.add(row.open);
      row.open = "";
    }
  }

  private void erase() {
    if (drawn > 0) {
      console.err().print("\u001b[" + drawn + "A\u001b[J");
      drawn = 0;
    }
  }

  private void draw(boolean last) {
    List<String> lines = new ArrayList<>();
    long done = steps.stream().filter(row -> row.state.compareTo(State.DONE) >= 0).count();
    lines.add(
        "[+] Building "
            + seconds(System.nanoTime() - began)
            + " ("
            + done
            + "/"
            + steps.size()
            + ")");
    int number = 0;
    for (Row row : steps) {
      number++;
      if (row.state != State.WAITING) {
        lines.add(line(number, row));
      }
      if (row.state == State.RUNNING || (last && row.state == State.FAILED)) {
        int most = last ? MOST_KEPT : MOST_LINES;
        row.said.stream()
            .skip(Math.max(0, row.said.size() - most))
            .forEach(said -> lines.add(" => => # " + said));
      }
    }
    // What does not fit above the cursor cannot be erased again.
    int first = last ? 0 : Math.max(0, lines.size() - (rows - 1));
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\u001b[").append(drawn).append("A\u001b[J");
    }
    for (String line : lines.subList(first, lines.size())) {
      text.append(cut(line)).append('\n');
    }
    console.err().print(text);
    drawn = last ? 0 : lines.size() - first;
  }

  private String line(int number, Row row) {
    String mark =
        switch (row.state) {
          case CACHED -> " => CACHED ";
          case FAILED -> " => ERROR ";
          default -> " => ";
        };
    String left = mark + "[" + number + "/" + steps.size() + "] " + row.title;
    if (row.state == State.CACHED) {
      return left;
    }
    long nanos = row.state == State.RUNNING ? System.nanoTime() - row.since : row.took;
    String right = " " + seconds(nanos);
    int room = columns - 1 - right.length();
    String fitting = left.length() > room ? left.substring(0, room) : left;
    return fitting + " ".repeat(Math.max(0, room - fitting.length())) + right;
  }

  private String cut(String line) {
    String plain = line.replaceAll("\\p{Cntrl}", " ");
    return plain.length() < columns ? plain : plain.substring(0, columns - 1);
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1fs", nanos / 1e9);
  }

  @Override
  public void close() {
    synchronized (lock) {
      over = true;
      draw(true);
    }
    LockSupport.unpark(ticker);
  }
}
