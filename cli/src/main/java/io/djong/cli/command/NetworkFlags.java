package io.djong.cli.command;

import io.djong.cli.flag.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What `--network` and the flags about a place in it ask for, as the API wants it.
///
/// @param mode the first network
/// @param endpoints by network, what is asked of the place in it
record NetworkFlags(String mode, Map<String, Object> endpoints) {
  /// A value of `--network` is a name, or `name=NAME,alias=A,ip=…` and so on.
  ///
  /// @throws UsageException if a value cannot be
  static NetworkFlags of(Given given) {
    List<String> asked = new ArrayList<>(given.all("network"));
    asked.addAll(given.all("net"));
    String mode = "default";
    Map<String, Object> endpoints = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      Map<String, Object> endpoint = new LinkedHashMap<>();
      String name = parse(asked.get(i), endpoint);
      if (i == 0) {
        mode = name;
        fromFlags(given, endpoint);
      }
      if (endpoints.put(name, endpoint) != null) {
        throw Given.invalid("network", name, "network is given twice");
      }
    }
    Map<String, Object> unnamed = new LinkedHashMap<>();
    fromFlags(given, unnamed);
    if (asked.isEmpty() && !unnamed.isEmpty()) {
      endpoints.put("default", unnamed);
    }
    boolean plain =
        endpoints.size() == 1 && endpoints.get(mode) instanceof Map<?, ?> m && m.isEmpty();
    return new NetworkFlags(mode, plain ? Map.of() : endpoints);
  }

  private static void fromFlags(Given given, Map<String, Object> endpoint) {
    if (!given.all("network-alias").isEmpty()) {
      endpoint.put("Aliases", given.all("network-alias"));
    }
    Map<String, Object> addresses = new LinkedHashMap<>();
    for (Map.Entry<String, String> flag :
        Map.of("ip", "IPv4Address", "ip6", "IPv6Address").entrySet()) {
      String text = given.text(flag.getKey());
      if (text != null) {
        addresses.put(flag.getValue(), text);
      }
    }
    if (!addresses.isEmpty()) {
      endpoint.put("IPAMConfig", addresses);
    }
    if (!given.all("link").isEmpty()) {
      endpoint.put("Links", given.all("link"));
    }
  }

  private static String parse(String text, Map<String, Object> endpoint) {
    if (text.indexOf('=') < 0) {
      return text;
    }
    String name = "";
    List<String> aliases = new ArrayList<>();
    Map<String, Object> addresses = new LinkedHashMap<>();
    Map<String, String> options = new LinkedHashMap<>();
    for (String field : text.split(",", -1)) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? field : field.substring(0, equals);
      String value = equals < 0 ? "" : field.substring(equals + 1);
      switch (key) {
        case "name" -> name = value;
        case "alias" -> aliases.add(value);
        case "ip" -> addresses.put("IPv4Address", value);
        case "ip6" -> addresses.put("IPv6Address", value);
        case "mac-address" -> endpoint.put("MacAddress", value);
        case "driver-opt" -> options.putAll(Pairs.map(List.of(value)));
        case "gw-priority" -> endpoint.put("GwPriority", priority(text, value));
        default -> throw Given.invalid("network", text, "invalid field " + key);
      }
    }
    if (name.isEmpty()) {
      throw Given.invalid("network", text, "network name is required");
    }
    if (!aliases.isEmpty()) {
      endpoint.put("Aliases", aliases);
    }
    if (!addresses.isEmpty()) {
      endpoint.put("IPAMConfig", addresses);
    }
    if (!options.isEmpty()) {
      endpoint.put("DriverOpts", options);
    }
    return name;
  }

  private static int priority(String text, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException _) {
      throw Given.invalid("network", text, "invalid gw-priority " + value);
    }
  }
}
