package io.djong.network.bridge;

import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/// Writes the commands of nft(8) for our table. Its chains never change; networks and published
/// ports are elements of its sets and maps, so that a packet passes as many rules with a thousand
/// containers as with one. Pure: text from values.
final class RuleSet {
  private static final String STATIC = read();

  private final String table;

  /// @param name the table's name, of the family inet
  RuleSet(String name) {
    table = "inet " + name;
  }

  /// Makes the table, or makes its chains what they should be. Elements of its sets stay.
  String chains() {
    return STATIC.replace("@TABLE@", table);
  }

  /// Takes all elements out of all sets.
  String cleared() {
    StringBuilder text = new StringBuilder();
    for (String set : new String[] {"bridges", "internal", "icc", "subnets", "masqueraded"}) {
      text.append("flush set ").append(table).append(' ').append(set).append('\n');
    }
    for (String map : new String[] {"published", "published_anywhere"}) {
      text.append("flush map ").append(table).append(' ').append(map).append('\n');
    }
    return text.toString();
  }

  String add(Network network) {
    return elements("add", network);
  }

  /// Takes the network out, whether it was in or not.
  String remove(Network network) {
    return elements("add", network) + elements("delete", network);
  }

  String add(Endpoint endpoint) {
    return elements("add", endpoint);
  }

  /// Takes the endpoint's ports out, whether they were in or not.
  String remove(Endpoint endpoint) {
    return elements("add", endpoint) + elements("delete", endpoint);
  }

  String everything(Collection<Network> networks, Collection<Endpoint> endpoints) {
    StringBuilder text = new StringBuilder(chains());
    networks.forEach(network -> text.append(add(network)));
    endpoints.forEach(endpoint -> text.append(add(endpoint)));
    return text.toString();
  }

  String deleted() {
    return "add table " + table + "\ndelete table " + table + "\n";
  }

  private String elements(String verb, Network network) {
    StringBuilder text = new StringBuilder();
    String device = '"' + network.device() + '"';
    element(text, verb, "bridges", device);
    if (network.internal()) {
      element(text, verb, "internal", device);
    }
    if (network.icc()) {
      element(text, verb, "icc", device + " . " + device);
    }
    for (Network.Pool pool : network.pools()) {
      if (pool.subnet().address() instanceof Inet4Address) {
        String subnet = pool.subnet().at(0).getHostAddress() + '/' + pool.subnet().prefix();
        element(text, verb, "subnets", subnet);
        if (network.masquerade() && !network.internal()) {
          element(text, verb, "masqueraded", subnet);
        }
      }
    }
    return text.toString();
  }

  private String elements(String verb, Endpoint endpoint) {
    StringBuilder text = new StringBuilder();
    if (endpoint.address() == null) {
      return "";
    }
    InetAddress container = endpoint.address().address();
    for (Port port : endpoint.ports()) {
      if (port.hostAddress() instanceof Inet4Address host) {
        String key = port.protocol() + " . " + port.hostPort();
        String value = " : " + container.getHostAddress() + " . " + port.containerPort();
        if (host.isAnyLocalAddress()) {
          element(text, verb, "published_anywhere", key + value);
        } else {
          element(text, verb, "published", host.getHostAddress() + " . " + key + value);
        }
      }
    }
    return text.toString();
  }

  private void element(StringBuilder text, String verb, String set, String element) {
    text.append(verb).append(" element ").append(table).append(' ').append(set);
    text.append(" { ").append(element).append(" }\n");
  }

  private static String read() {
    try (InputStream rules = RuleSet.class.getResourceAsStream("chains.nft")) {
      if (rules == null) {
        throw new IllegalStateException("chains.nft is not in the jar");
      }
      return new String(rules.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("chains.nft cannot be read from the jar", e);
    }
  }
}
