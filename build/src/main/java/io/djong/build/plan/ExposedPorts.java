package io.djong.build.plan;

import io.djong.model.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads the words of EXPOSE: `80`, `80/udp`, `8000-8010/tcp`. Pure.
final class ExposedPorts {
  private static final int MAX = 65535;

  private ExposedPorts() {}

  static void add(String word, Map<String, Object> ports) {
    int slash = word.indexOf('/');
    String range = slash < 0 ? word : word.substring(0, slash);
    String protocol = slash < 0 ? "tcp" : word.substring(slash + 1).toLowerCase(Locale.ROOT);
    if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
      throw new Fault.Invalid("invalid proto: " + protocol + " in EXPOSE " + word);
    }
    int dash = range.indexOf('-');
    int first = number(word, dash < 0 ? range : range.substring(0, dash));
    int last = dash < 0 ? first : number(word, range.substring(dash + 1));
    if (last < first) {
      throw new Fault.Invalid("invalid range: " + word);
    }
    for (int port = first; port <= last; port++) {
      ports.put(port + "/" + protocol, Map.of());
    }
  }

  private static int number(String word, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MAX && text.charAt(0) != '+') {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid containerPort: " + word, e);
    }
    throw new Fault.Invalid("invalid containerPort: " + word);
  }
}
