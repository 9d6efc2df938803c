package io.djong.network.bridge;

import io.djong.linux.NftElements;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/// Writes the commands of nft(8) for our table, and changes to its elements. Its chains never
/// change; networks and published ports are elements of its sets and maps, so that a packet passes
/// as many rules with a thousand containers as with one. Pure: text from values.
final class RuleSet {
  private static final String STATIC = read();

  private final String name;
  private final String table;

  /// @param name the table's name, of the family inet
  RuleSet(String name) {
    this.name = name;
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

  /// Publishes the endpoint's ports.
  NftElements add(Endpoint endpoint) {
    NftElements elements = new NftElements(name);
    for (Published port : published(endpoint)) {
      elements.add(port.map(), port.key(), port.value());
    }
    return elements;
  }

  /// Takes the endpoint's ports out, whether they were in or not.
  NftElements remove(Endpoint endpoint) {
    NftElements elements = add(endpoint);
    for (Published port : published(endpoint)) {
      elements.delete(port.map(), port.key(), port.value());
    }
    return elements;
  }

  String everything(Collection<Network> networks, Collection<Endpoint> endpoints) {
    StringBuilder text = new StringBuilder(chains());
    networks.forEach(network -> text.append(add(network)));
    endpoints.forEach(endpoint -> text.append(text(endpoint)));
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

  private String text(Endpoint endpoint) {
    StringBuilder text = new StringBuilder();
    for (Published port : published(endpoint)) {
      element(text, "add", port.map(), port.text());
    }
    return text.toString();
  }

  private static List<Published> published(Endpoint endpoint) {
    if (endpoint.address() == null) {
      return List.of();
    }
    InetAddress container = endpoint.address().address();
    return endpoint.ports().stream()
        .filter(port -> port.hostAddress() instanceof Inet4Address)
        .map(port -> new Published(port, container))
        .toList();
  }

  /// One element of one of the two maps of published ports.
  private record Published(Port port, InetAddress container) {
    private boolean anywhere() {
      return port.hostAddress().isAnyLocalAddress();
    }

    String map() {
      return anywhere() ? "published_anywhere" : "published";
    }

    byte[] key() {
      byte[] protocol = {
        switch (port.protocol()) {
          case "tcp" -> 6;
          case "udp" -> 17;
          case "sctp" -> (byte) 132;
          default -> throw new IllegalArgumentException("no such protocol: " + port.protocol());
        }
      };
      byte[] number = NftElements.port(port.hostPort());
      return anywhere()
          ? NftElements.concatenation(protocol, number)
          : NftElements.concatenation(port.hostAddress().getAddress(), protocol, number);
    }

    byte[] value() {
      return NftElements.concatenation(
          container.getAddress(), NftElements.port(port.containerPort()));
    }

    String text() {
      return (anywhere() ? "" : port.hostAddress().getHostAddress() + " . ")
          + port.protocol()
          + " . "
          + port.hostPort()
          + " : "
          + container.getHostAddress()
          + " . "
          + port.containerPort();
    }
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
