package io.djong.model;

import io.djong.model.Reference.Pin;
import io.djong.model.Reference.Repository;
import io.djong.model.Reference.Tag;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The grammar of references, read by hand: java.util.regex backtracks on hostile names.
final class ReferenceParser {
  private static final int MAX_TEXT = 4096;
  private static final int MAX_NAME = 255;

  private ReferenceParser() {}

  static Reference parse(String text) {
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw invalid(text);
    }
    if (text.length() == 64 && isHex(text)) {
      throw new Fault.Invalid(
          "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
    }
    String name = text;
    Digest digest = null;
    int at = text.indexOf('@');
    if (at >= 0) {
      name = text.substring(0, at);
      digest = Digest.parse(text.substring(at + 1));
    }
    String tag = null;
    int colon = name.lastIndexOf(':');
    if (colon > name.lastIndexOf('/')) {
      tag = name.substring(colon + 1);
      name = name.substring(0, colon);
      if (!isTag(tag)) {
        throw invalid(text);
      }
    }
    Repository repository = repository(name, text);
    if (digest != null) {
      return new Pin(repository, tag, digest);
    }
    return new Tag(repository, tag == null ? Reference.DEFAULT_TAG : tag);
  }

  private static Repository repository(String name, String text) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean hasHost =
        slash > 0
            && (first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT)));
    String host = hasHost ? first : Reference.DEFAULT_HOST;
    String path = hasHost ? name.substring(slash + 1) : name;
    if (host.equals("index.docker.io")) {
      host = Reference.DEFAULT_HOST;
    }
    if (hasHost && !isHost(host)) {
      throw invalid(text);
    }
    if (!path.equals(path.toLowerCase(Locale.ROOT))) {
      throw new Fault.Invalid(
          "invalid reference format: repository name (" + path + ") must be lowercase");
    }
    if (!isPath(path)) {
      throw invalid(text);
    }
    if (host.equals(Reference.DEFAULT_HOST) && path.indexOf('/') < 0) {
      path = "library/" + path;
    }
    if (host.length() + 1 + path.length() > MAX_NAME) {
      throw new Fault.Invalid("repository name must not be more than 255 characters");
    }
    return new Repository(host, path);
  }

  static boolean isTag(String tag) {
    if (tag.isEmpty() || tag.length() > 128 || tag.charAt(0) == '.' || tag.charAt(0) == '-') {
      return false;
    }
    for (int i = 0; i < tag.length(); i++) {
      char c = tag.charAt(i);
      if (!isLetterOrDigit(c) && c != '_' && c != '.' && c != '-') {
        return false;
      }
    }
    return true;
  }

  static boolean isRepositoryPath(String path) {
    return path.length() <= MAX_NAME && isPath(path);
  }

  /// Components of lower-case letters and digits, joined by `.`, `_`, `__` or any number of `-`.
  private static boolean isPath(String path) {
    int start = 0;
    while (true) {
      int slash = path.indexOf('/', start);
      if (!isPathComponent(path, start, slash < 0 ? path.length() : slash)) {
        return false;
      }
      if (slash < 0) {
        return true;
      }
      start = slash + 1;
    }
  }

  private static boolean isPathComponent(String path, int start, int end) {
    int i = start;
    while (true) {
      int word = i;
      while (i < end && isLowerOrDigit(path.charAt(i))) {
        i++;
      }
      if (i == word) {
        return false;
      }
      if (i == end) {
        return true;
      }
      int separator = i;
      while (i < end && !isLowerOrDigit(path.charAt(i))) {
        i++;
      }
      if (!isSeparator(path.substring(separator, i))) {
        return false;
      }
    }
  }

  private static boolean isSeparator(String text) {
    if (text.equals(".") || text.equals("_") || text.equals("__")) {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isHost(String host) {
    String name = host;
    int colon = host.lastIndexOf(':');
    if (colon > host.lastIndexOf(']')) {
      String port = host.substring(colon + 1);
      name = host.substring(0, colon);
      if (port.isEmpty()
          || port.length() > 5
          || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return false;
      }
    }
    if (name.startsWith("[")) {
      return name.endsWith("]") && isAddress(name.substring(1, name.length() - 1));
    }
    for (String label : name.split("\\.", -1)) {
      if (!isHostLabel(label)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAddress(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':')
        && text.indexOf(':') >= 0;
  }

  private static boolean isHostLabel(String label) {
    if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
      return false;
    }
    for (int i = 0; i < label.length(); i++) {
      if (!isLetterOrDigit(label.charAt(i)) && label.charAt(i) != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private static boolean isLowerOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean isLetterOrDigit(char c) {
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
  }

  private static Fault invalid(@Nullable String text) {
    String shown = text == null ? "" : text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return new Fault.Invalid("invalid reference format: \"" + shown + "\"");
  }
}
