package io.djong.engine.container;

import io.djong.engine.Containers.Top;
import io.djong.engine.ProcessLister;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Lists a container's processes by the host's `ps`: nothing of the container is run.
final class ProcessTable {
  private final ProcessLister lister;

  ProcessTable(ProcessLister lister) {
    this.lister = lister;
  }

  Top of(Container container, String arguments) throws IOException, InterruptedException {
    ContainerProcess process = container.process();
    if (!container.isRunning() || process == null) {
      throw new Fault.Conflict("container " + container.id() + " is not running");
    }
    List<String> words =
        Arrays.stream((arguments.isBlank() ? "-ef" : arguments).strip().split("\\s+", -1)).toList();
    for (String word : words) {
      boolean good = word.chars().allMatch(c -> c > ' ' && c < 127);
      if (!good) {
        throw new Fault.Invalid("ps args \"" + arguments + "\" are not printable");
      }
    }
    Set<String> pids = new HashSet<>();
    process.pids().forEach(pid -> pids.add(String.valueOf(pid)));
    return parse(lister.list(words), pids);
  }

  /// @throws Fault.Invalid in Docker's words if there is no column of process ids
  static Top parse(String output, Set<String> pids) {
    List<String> lines = output.lines().toList();
    if (lines.isEmpty()) {
      throw new Fault.Failed("ps said nothing");
    }
    List<String> titles = fields(lines.getFirst(), Integer.MAX_VALUE);
    int pidColumn = titles.indexOf("PID");
    if (pidColumn < 0) {
      throw new Fault.Failed("Couldn't find PID field in ps output");
    }
    List<List<String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> fields = fields(line, titles.size());
      if (fields.size() > pidColumn && pids.contains(fields.get(pidColumn))) {
        rows.add(fields);
      }
    }
    return new Top(titles, rows);
  }

  /// Words; the last takes the rest of the line.
  private static List<String> fields(String line, int count) {
    String text = line.strip();
    return List.of(
        count == Integer.MAX_VALUE
            ? text.split("\\s+", -1)
            : text.split("\\s+", Math.max(1, count)));
  }
}
