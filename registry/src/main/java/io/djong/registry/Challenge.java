package io.djong.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One way a server offers to prove who one is: a scheme (`basic`, `bearer`, lower case) and its
/// parameters, by names in any case (RFC 9110, WWW-Authenticate).
public record Challenge(String scheme, Map<String, String> parameters) {
  private static final int MAX_HEADER = 16 << 10;

  public Challenge {
    Map<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    own.putAll(parameters);
    parameters = java.util.Collections.unmodifiableMap(own);
  }

  public @Nullable String parameter(String name) {
    return parameters.get(name);
  }

  /// Reads the value of a `WWW-Authenticate` header, which may hold several challenges. What cannot
  /// be read ends the list. Linear in the length; a header longer than 16 KiB holds none.
  public static List<Challenge> parse(String header) {
    return header.length() > MAX_HEADER ? List.of() : new Reader(header).all();
  }

  /// The header's value for this one challenge.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(Character.toUpperCase(scheme.charAt(0))).append(scheme.substring(1));
    String joint = " ";
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      text.append(joint).append(each.getKey()).append("=\"");
      text.append(each.getValue().replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      joint = ",";
    }
    return text.toString();
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    List<Challenge> all() {
      List<Challenge> all = new ArrayList<>();
      skip(" \t,");
      while (at < text.length()) {
        String scheme = token();
        if (scheme.isEmpty()) {
          return all;
        }
        skip(" \t");
        Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        while (parameter(parameters)) {
          skip(" \t,");
        }
        all.add(new Challenge(scheme.toLowerCase(Locale.ROOT), parameters));
        skip(" \t,");
      }
      return all;
    }

    /// Reads `name=value`; leaves the place as it was if the next is a scheme or nothing.
    private boolean parameter(Map<String, String> into) {
      int start = at;
      String name = token();
      skip(" \t");
      if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
        at = start;
        return false;
      }
      at++;
      skip(" \t");
      into.putIfAbsent(name, at < text.length() && text.charAt(at) == '"' ? quoted() : token());
      return true;
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at++));
      }
      at++;
      return value.toString();
    }

    private String token() {
      int start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private void skip(String any) {
      while (at < text.length() && any.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }
  }
}
