package io.djong.network.bridge;

import io.djong.linux.NftElements;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/// Writes the commands of nft(8) for our table, and changes to its elements. Its chains never
/// change; networks and published ports are elements of its sets and maps, so that a packet passes
/// as many rules with a thousand containers as with one. Pure: text from values.
final class RuleSet {
  private static final String STATIC = read();
  private static final List<String> SETS =
      List.of(
          "bridges",
          "internal",
          "icc",
          "subnets",
          "masqueraded",
          "subnets6",
          "masqueraded6",
          "limited",
          "guests",
          "limited6",
          "guests6");
  private static final List<String> MAPS =
      List.of("published", "published_anywhere", "published6", "published6_anywhere");

  private final String name;
  private final String table;

  /// @param name the table's name, of the family inet
  RuleSet(String name) {
    this.name = name;
    table = "inet " + name;
  }

  String name() {
    return name;
  }

  /// Makes the table where it could not be made otherwise.
  String made() {
    return "add table " + table + "\n";
  }

  /// Makes the chains of the table what they should be. Elements of its sets stay.
  String chains() {
    return STATIC.replace("@TABLE@", table);
  }

  /// Takes all elements out of all sets.
  String cleared() {
    StringBuilder text = new StringBuilder();
    for (String set : SETS) {
      text.append("flush set ").append(table).append(' ').append(set).append('\n');
    }
    for (String map : MAPS) {
      text.append("flush map ").append(table).append(' ').append(map).append('\n');
    }
    return text.toString();
  }

  NftElements add(Network network) {
    return added(RuleElement.of(network));
  }

  /// Takes the network out, whether it was in or not.
  NftElements remove(Network network) {
    return removed(RuleElement.of(network));
  }

  /// Publishes the endpoint's ports.
  NftElements add(Endpoint endpoint) {
    return added(RuleElement.of(endpoint));
  }

  /// Takes the endpoint's ports out, whether they were in or not.
  NftElements remove(Endpoint endpoint) {
    return removed(RuleElement.of(endpoint));
  }

  private NftElements added(List<RuleElement> all) {
    NftElements elements = new NftElements(name);
    all.forEach(element -> element.addTo(elements));
    return elements;
  }

  private NftElements removed(List<RuleElement> all) {
    NftElements elements = added(all);
    all.forEach(element -> element.deleteFrom(elements));
    return elements;
  }

  String everything(Collection<Network> networks, Collection<Endpoint> endpoints) {
    StringBuilder text = new StringBuilder(chains());
    networks.forEach(network -> append(text, RuleElement.of(network)));
    endpoints.forEach(endpoint -> append(text, RuleElement.of(endpoint)));
    return text.toString();
  }

  private void append(StringBuilder text, List<RuleElement> elements) {
    for (RuleElement element : elements) {
      text.append("add element ").append(table).append(' ').append(element.set());
      text.append(" { ").append(element.text()).append(" }\n");
    }
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
