package io.djong.cli.command;

import io.djong.cli.flag.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Ports that a user wants to publish or to expose, by `port/protocol`.
record PublishedPorts(Map<String, Object> exposed, Map<String, Object> bindings) {

  /// Reads `[ip:][host port:]port[/protocol]`, where ports may be ranges of the same length, and an
  /// IPv6 address stands in brackets.
  ///
  /// @throws UsageException if one is not like that
  static PublishedPorts of(List<String> published, List<String> exposed) {
    PublishedPorts ports = new PublishedPorts(new LinkedHashMap<>(), new LinkedHashMap<>());
    for (String port : published) {
      try {
        ports.publish(port);
      } catch (NumberFormatException _) {
        throw Given.invalid("publish", port, "want [ip:][hostPort:]containerPort[/protocol]");
      }
    }
    for (String port : exposed) {
      try {
        ports.expose(port);
      } catch (NumberFormatException _) {
        throw Given.invalid("expose", port, "want port[/protocol]");
      }
    }
    return ports;
  }

  private void publish(String text) {
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase(Locale.ROOT);
    String rest = slash < 0 ? text : text.substring(0, slash);
    String ip = "";
    if (rest.startsWith("[")) {
      int close = rest.indexOf("]:");
      if (close < 0) {
        throw new NumberFormatException(text);
      }
      ip = rest.substring(1, close);
      rest = rest.substring(close + 2);
    } else if (rest.indexOf(':') != rest.lastIndexOf(':')) {
      ip = rest.substring(0, rest.indexOf(':'));
      rest = rest.substring(rest.indexOf(':') + 1);
    }
    int colon = rest.indexOf(':');
    Range inside = Range.parse(rest.substring(colon + 1));
    String outside = colon < 0 ? "" : rest.substring(0, colon);
    Range hostPorts = outside.isEmpty() ? null : Range.parse(outside);
    if (hostPorts != null && hostPorts.size() != inside.size() && inside.size() != 1) {
      throw new NumberFormatException(text);
    }
    for (int i = 0; i < inside.size(); i++) {
      String port = (inside.first() + i) + "/" + protocol;
      Map<String, Object> binding = new LinkedHashMap<>();
      binding.put("HostIp", ip);
      binding.put(
          "HostPort",
          hostPorts == null
              ? ""
              : hostPorts.size() == inside.size()
                  ? String.valueOf(hostPorts.first() + i)
                  : outside);
      exposed.put(port, Map.of());
      List<Object> all = new ArrayList<>();
      if (bindings.get(port) instanceof List<?> before) {
        all.addAll(before);
      }
      all.add(binding);
      bindings.put(port, all);
    }
  }

  private void expose(String text) {
    int slash = text.indexOf('/');
    Range range = Range.parse(slash < 0 ? text : text.substring(0, slash));
    for (int i = 0; i < range.size(); i++) {
      exposed.put((range.first() + i) + (slash < 0 ? "/tcp" : text.substring(slash)), Map.of());
    }
  }

  /// Ports from one to another.
  private record Range(int first, int last) {
    static Range parse(String text) {
      int dash = text.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1));
      if (first < 0 || last < first || last > 65535) {
        throw new NumberFormatException(text);
      }
      return new Range(first, last);
    }

    int size() {
      return last - first + 1;
    }
  }
}
