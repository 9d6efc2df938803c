package io.djong.network.bridge;

import io.djong.linux.Iptables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// Has the host forward packets of our bridges where its iptables drop what no rule names: a chain
/// FORWARD with the policy DROP, as dockerd leaves it. A packet must be let through by every table,
/// so ours alone cannot. Our rules stand at the end of that chain: whatever else stands there
/// decides first, and what they let through our own table still judges. They bear the name of our
/// table as their comment. Where the policy is another one nothing is written, and where there is
/// no iptables nobody set it. Safe for use by several threads.
final class HostForwarding {
  private static final System.Logger LOG = System.getLogger(HostForwarding.class.getName());
  private static final String DROPS = "-P FORWARD DROP";

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> devices = new TreeSet<>();
  private final Map<Boolean, Family> families = new HashMap<>();
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
    for (boolean ipv6 : List.of(false, true)) {
      Iptables program = Iptables.find(ipv6);
      if (program != null) {
        try {
          settle(program, ipv6, anew);
        } catch (IOException e) {
          LOG.log(
              System.Logger.Level.WARNING,
              "the host''s firewall may drop what containers send: {0}",
              e.getMessage());
        }
      }
    }
  }

  private void settle(Iptables program, boolean ipv6, boolean anew) throws IOException {
    Family known = families.get(ipv6);
    if (known == null || anew) {
      known = read(program, comment);
      families.put(ipv6, known);
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
    families.remove(ipv6);
    program.change(commands);
    families.put(ipv6, new Family(known.drops(), wanted));
  }

  private String command(String verb, Rule rule) {
    return verb
        + " FORWARD "
        + rule.way()
        + " "
        + rule.device()
        + " -m comment --comment "
        + comment
        + " -j ACCEPT";
  }

  private static Family read(Iptables program, String comment) throws IOException {
    Set<Rule> rules = new HashSet<>();
    boolean drops = false;
    for (String line : program.list("FORWARD")) {
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
}
