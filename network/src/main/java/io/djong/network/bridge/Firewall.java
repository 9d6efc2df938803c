package io.djong.network.bridge;

import io.djong.linux.NftElements;
import io.djong.linux.Nftables;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Keeps our table of the packet filter in step with the networks and endpoints it was told of: one
/// transaction for each change. If a change does not fit what the kernel has (somebody flushed the
/// table, or an earlier daemon left elements), the table is written anew as a whole. Safe for use
/// by several threads.
final class Firewall {
  private static final System.Logger LOG = System.getLogger(Firewall.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Network> networks = new LinkedHashMap<>();
  private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
  private final RuleSet rules;
  private final Nftables nft;

  Firewall(Nftables nft, RuleSet rules) {
    this.nft = nft;
    this.rules = rules;
  }

  /// Makes the network known. The first one writes the chains and keeps elements that are not known
  /// yet: containers of an earlier daemon stay reachable until they are adopted.
  void up(Network network) throws IOException {
    lock.lock();
    try {
      boolean first = networks.isEmpty();
      networks.put(network.id(), network);
      if (first) {
        change(rules.everything(networks.values(), endpoints.values()));
      } else {
        change(rules.add(network));
      }
    } finally {
      lock.unlock();
    }
  }

  /// The bridges of the networks that are up.
  Set<String> devices() {
    lock.lock();
    try {
      return networks.values().stream().map(Network::device).collect(Collectors.toSet());
    } finally {
      lock.unlock();
    }
  }

  void down(Network network) throws IOException {
    lock.lock();
    try {
      if (networks.remove(network.id()) == null) {
        return;
      }
      if (networks.isEmpty()) {
        nft.delete(rules.name());
      } else {
        change(rules.remove(network));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Writes the table anew if there is to be one.
  void repair() {
    lock.lock();
    try {
      if (!networks.isEmpty()) {
        write(whole());
        LOG.log(
            System.Logger.Level.WARNING,
            "somebody deleted the table of the packet filter: it is back");
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the table of the packet filter was deleted and cannot be written",
          e);
    } finally {
      lock.unlock();
    }
  }

  /// Leaves nothing in the table but what is known.
  void sweep() throws IOException {
    lock.lock();
    try {
      if (networks.isEmpty()) {
        nft.delete(rules.name());
      } else {
        write(whole());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Where the kernel can, the table is ours alone: whoever flushes the packet filter passes it
  /// over, so nothing is open while it is away.
  private void write(String commands) throws IOException {
    nft.run(nft.own(rules.name()) ? commands : rules.made() + commands);
  }

  private String whole() {
    return rules.chains()
        + rules.cleared()
        + rules.everything(networks.values(), endpoints.values());
  }

  void connect(Endpoint endpoint) throws IOException {
    if (endpoint.ports().isEmpty()) {
      return;
    }
    lock.lock();
    try {
      endpoints.put(endpoint.id(), endpoint);
      change(rules.add(endpoint));
    } finally {
      lock.unlock();
    }
  }

  void disconnect(Endpoint endpoint) throws IOException {
    if (endpoint.ports().isEmpty()) {
      return;
    }
    lock.lock();
    try {
      endpoints.remove(endpoint.id());
      if (!networks.isEmpty()) {
        change(rules.remove(endpoint));
      }
    } finally {
      lock.unlock();
    }
  }

  private void change(NftElements elements) throws IOException {
    try {
      nft.apply(elements);
    } catch (IOException e) {
      rewrite(e);
    }
  }

  private void change(String commands) throws IOException {
    try {
      write(commands);
    } catch (IOException e) {
      rewrite(e);
    }
  }

  private void rewrite(IOException doesNotFit) throws IOException {
    try {
      write(whole());
    } catch (IOException e) {
      e.addSuppressed(doesNotFit);
      throw new IOException("write the packet filter's table", e);
    }
  }
}
