package io.djong.network.bridge;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Has the host forward packets of our bridges where its iptables drop what no rule names: a chain
/// FORWARD with the policy DROP, as dockerd leaves it. A packet must be let through by every table,
/// so ours alone cannot. Our rules stand at the end of that chain: whatever else stands there
/// decides first, and what they let through our own table still judges. They bear the name of our
/// table as their comment. Where the policy is another one nothing is written, and where there is
/// no iptables nobody set it. Safe for use by several threads.
final class HostForwarding {
  private static final System.Logger LOG = System.getLogger(HostForwarding.class.getName());
  private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");
  private static final String DROPS = "-P FORWARD DROP";

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> devices = new TreeSet<>();
  private final Map<Path, Family> families = new HashMap<>();
  private final String comment;

  /// What was found when it was last looked.
  private record Family(boolean drops, Set<Rule> rules) {}

  /// @param way `-i` for what comes from a device, `-o` for what goes to it
  private record Rule(String way, String device) {}

  /// @param table the name of our table
  HostForwarding(String table) {
    this.comment = table;
  }

  /// Lets a bridge's packets through, if that needs saying.
  void allow(String device) {
    lock.lock();
    try {
      if (devices.add(device)) {
        settle(false);
      }
    } finally {
      lock.unlock();
    }
  }

  void forget(String device) {
    lock.lock();
    try {
      if (devices.remove(device)) {
        settle(false);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Looks again: the host's firewall has changed, or an earlier daemon left rules.
  void look() {
    lock.lock();
    try {
      settle(true);
    } finally {
      lock.unlock();
    }
  }

  private void settle(boolean anew) {
    for (String name : List.of("iptables", "ip6tables")) {
      Path program = find(name);
      if (program != null) {
        try {
          settle(program, anew);
        } catch (IOException e) {
          LOG.log(
              System.Logger.Level.WARNING,
              "the host''s {0} may drop what containers send: {1}",
              name,
              e.getMessage());
        }
      }
    }
  }

  private void settle(Path program, boolean anew) throws IOException {
    Family known = families.get(program);
    if (known == null || anew) {
      known = read(program);
      families.put(program, known);
    }
    Set<Rule> wanted = new HashSet<>();
    if (known.drops()) {
      for (String device : devices) {
        wanted.add(new Rule("-i", device));
        wanted.add(new Rule("-o", device));
      }
    }
    if (wanted.equals(known.rules())) {
      return;
    }
    List<String> commands = new ArrayList<>();
    known.rules().stream()
        .filter(rule -> !wanted.contains(rule))
        .forEach(rule -> commands.add(command("-D", rule)));
    for (Rule rule : wanted) {
      if (!known.rules().contains(rule)) {
        commands.add(command("-A", rule));
      }
    }
    families.remove(program);
    run(
        List.of(program + "-restore", "-w", "5", "--noflush"),
        "*filter\n" + String.join("", commands) + "COMMIT\n");
    families.put(program, new Family(known.drops(), wanted));
  }

  private String command(String verb, Rule rule) {
    return verb
        + " FORWARD "
        + rule.way()
        + " "
        + rule.device()
        + " -m comment --comment "
        + comment
        + " -j ACCEPT\n";
  }

  private Family read(Path program) throws IOException {
    Set<Rule> rules = new HashSet<>();
    boolean drops = false;
    for (String line :
        run(List.of(program.toString(), "-w", "5", "-S", "FORWARD"), "").lines().toList()) {
      drops |= line.equals(DROPS);
      List<String> words = List.of(line.replace("\"", "").split(" ", -1));
      if (words.size() > 7
          && words.getFirst().equals("-A")
          && words.getLast().equals("ACCEPT")
          && words.contains(comment)) {
        rules.add(new Rule(words.get(2), words.get(3)));
      }
    }
    return new Family(drops, rules);
  }

  private static @Nullable Path find(String name) {
    for (String folder : FOLDERS) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    return null;
  }

  private static String run(List<String> command, String input) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // It reads all before it says a word, so neither side can wait for the other.
    try (OutputStream commands = process.getOutputStream()) {
      commands.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading: what it says tells why.
      LOG.log(System.Logger.Level.DEBUG, "writing to " + command, e);
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(command.getFirst() + ": " + said.strip());
    }
    return said;
  }
}
