package io.djong.cli.command;

import io.djong.api.BuildEvent;
import io.djong.cli.Console;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Line after line, each with the number of its instruction, in the order things happen: for files
/// and for CI.
final class PlainDisplay implements BuildDisplay {
  private final Console console;
  private List<String> instructions = List.of();

  /// When each instruction began, in milliseconds since the build did.
  private final Map<Integer, Long> began = new HashMap<>();

  /// The beginnings of lines that are not complete.
  private final Map<Integer, String> open = new HashMap<>();

  private int last;

  PlainDisplay(Console console) {
    this.console = console;
  }

  @Override
  public void take(BuildEvent event) {
    int number = event.number();
    switch (event.kind()) {
      case "planned" -> instructions = texts(event);
      case "warning" -> texts(event).forEach(console::say);
      case "started" -> {
        began.put(number, event.millis());
        heading(number);
      }
      case "output" -> output(event);
      case "done" -> {
        rest(number, event.millis());
        heading(number);
        console.say(
            "#" + number + (event.cached() ? " CACHED" : " DONE " + span(number, event.millis())));
      }
      case "failed" -> {
        rest(number, event.millis());
        heading(number);
        console.say(
            "#" + number + " ERROR" + (event.code() == 0 ? "" : ": exit code " + event.code()));
      }
      default -> {}
    }
  }

  static List<String> texts(BuildEvent event) {
    List<String> texts = event.texts();
    return texts == null ? List.of() : texts;
  }

  private void heading(int number) {
    if (number != last && number > 0 && number <= instructions.size()) {
      if (last > 0) {
        console.say("");
      }
      console.say("#" + number + " " + BuildDisplay.title(instructions.get(number - 1)));
      last = number;
    }
  }

  private void output(BuildEvent event) {
    String all = open.getOrDefault(event.number(), "") + String.join("", texts(event));
    int end = all.lastIndexOf('\n');
    if (end >= 0) {
      heading(event.number());
      all.substring(0, end).lines().forEach(line -> line(event.number(), event.millis(), line));
    }
    open.put(event.number(), all.substring(end + 1));
  }

  private void rest(int number, long millis) {
    String rest = open.remove(number);
    if (rest != null && !rest.isEmpty()) {
      heading(number);
      line(number, millis, rest);
    }
  }

  private void line(int number, long millis, String line) {
    console.say("#" + number + " " + span(number, millis) + " " + line);
  }

  private String span(int number, long millis) {
    long span = Math.max(0, millis - began.getOrDefault(number, millis));
    return String.format(Locale.ROOT, "%.1fs", span / 1000.0);
  }

  @Override
  public void close() {}
}
