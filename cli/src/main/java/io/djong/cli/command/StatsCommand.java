package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.ContainerStats;
import io.djong.api.ContainerSummary;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.format.Listing;
import io.djong.cli.format.Sizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Shows what containers use, once or again and again.
public final class StatsCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] [CONTAINER...]",
        "Display a live stream of container(s) resource usage statistics",
        0,
        -1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("all", "a", "Show all containers (default shows just running)")
        .value("format", "", "string", "'table', 'table TEMPLATE', 'json', or a Go template")
        .toggle("no-stream", "", "Disable streaming stats and only pull the first result")
        .toggle("no-trunc", "", "Do not truncate output");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    boolean once = given.is("no-stream");
    do {
      Listing listing = new Listing(headings(), columns());
      for (Row row : look(call)) {
        listing.add(row(row, given.is("no-trunc")));
      }
      String text = listing.text(given.text("format"), null);
      // Clears the terminal, as a list that is shown again and again wants.
      call.console()
          .out()
          .print(once || !call.console().outputIsTerminal() ? text : "\u001b[H\u001b[2J" + text);
      if (call.console().out().checkError()) {
        return 1;
      }
    } while (!once);
    return 0;
  }

  /// @param stats null if it could not be had
  private record Row(String ref, @Nullable ContainerStats stats) {}

  /// All at once: the engine takes a second for each, to compare.
  private static List<Row> look(Call call) throws IOException, InterruptedException {
    List<String> refs = new ArrayList<>(call.given().arguments());
    boolean named = !refs.isEmpty();
    if (!named) {
      for (ContainerSummary container :
          call.engine().containers(call.given().is("all"), -1, false, Map.of())) {
        refs.add(container.id());
      }
    }
    List<Row> rows = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ContainerStats>> futures = new ArrayList<>();
      for (String ref : refs) {
        futures.add(threads.submit(() -> call.engine().stats(ref)));
      }
      for (int i = 0; i < refs.size(); i++) {
        Row row = row(refs.get(i), futures.get(i), named);
        if (row != null) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /// @return null if the container has gone, and nobody named it
  private static @Nullable Row row(String ref, Future<ContainerStats> stats, boolean named)
      throws IOException, InterruptedException {
    try {
      return new Row(ref, stats.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ApiError error && !named) {
        return error.status() == 404 ? null : new Row(ref, null);
      }
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(e.getCause());
    }
  }

  private static Map<String, String> headings() {
    return Texts.headings(
        "Container",
        "CONTAINER",
        "ID",
        "CONTAINER ID",
        "Name",
        "NAME",
        "CPUPerc",
        "CPU %",
        "MemUsage",
        "MEM USAGE / LIMIT",
        "MemPerc",
        "MEM %",
        "NetIO",
        "NET I/O",
        "BlockIO",
        "BLOCK I/O",
        "PIDs",
        "PIDS");
  }

  private static List<String> columns() {
    return List.of("ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs");
  }

  private static Map<String, Object> row(Row of, boolean whole) {
    ContainerStats stats = of.stats();
    Map<String, Object> row = new LinkedHashMap<>();
    String id = stats == null || stats.id() == null ? of.ref() : stats.id();
    String name = stats == null || stats.name() == null ? "--" : stats.name();
    row.put("Container", of.ref());
    row.put("ID", Texts.id(id, whole));
    row.put("Name", name.startsWith("/") ? name.substring(1) : name);
    if (stats == null) {
      for (String column : columns().subList(2, columns().size())) {
        row.put(column, "--");
      }
      return row;
    }
    long memory = memory(stats.memory());
    long limit = stats.memory().limit();
    row.put("CPUPerc", percent(cpu(stats)));
    row.put("MemUsage", Sizes.binary(memory) + " / " + Sizes.binary(limit));
    row.put("MemPerc", percent(limit == 0 ? 0 : 100.0 * memory / limit));
    row.put("NetIO", network(stats));
    row.put("BlockIO", blocks(stats));
    row.put("PIDs", String.valueOf(stats.pids().current()));
    return row;
  }

  private static double cpu(ContainerStats stats) {
    double used = stats.cpu().usage().total() - (double) stats.before().usage().total();
    double system = stats.cpu().system() - (double) stats.before().system();
    return system > 0 && used > 0 ? used / system * stats.cpu().online() * 100 : 0;
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }

  /// Without what the kernel would drop at once.
  private static long memory(ContainerStats.Memory memory) {
    Map<String, Long> stats = memory.stats() == null ? Map.of() : memory.stats();
    Long inactive = stats.get("total_inactive_file");
    if (inactive == null) {
      inactive = stats.get("inactive_file");
    }
    return inactive == null || inactive > memory.usage()
        ? memory.usage()
        : memory.usage() - inactive;
  }

  private static String network(ContainerStats stats) {
    long received = 0;
    long sent = 0;
    Map<String, ContainerStats.Interface> networks = stats.networks();
    if (networks != null) {
      for (ContainerStats.Interface each : networks.values()) {
        received += each.received();
        sent += each.sent();
      }
    }
    return Sizes.decimal(received) + " / " + Sizes.decimal(sent);
  }

  private static String blocks(ContainerStats stats) {
    long read = 0;
    long written = 0;
    List<ContainerStats.Entry> entries = stats.blockIo().serviceBytes();
    for (ContainerStats.Entry entry : entries == null ? List.<ContainerStats.Entry>of() : entries) {
      if (entry.op().equalsIgnoreCase("read")) {
        read += entry.value();
      } else if (entry.op().equalsIgnoreCase("write")) {
        written += entry.value();
      }
    }
    return Sizes.decimal(read) + " / " + Sizes.decimal(written);
  }
}
