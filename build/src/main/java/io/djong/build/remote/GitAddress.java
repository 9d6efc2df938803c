package io.djong.build.remote;

import io.djong.model.Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A repository as a build names it: `URL#REF:FOLDER`, or `URL?ref=…&subdir=…` (Docker's build
/// contexts). Nothing in it can be taken for an option, or for a transport that runs programs or
/// reads this machine. Immutable.
///
/// @param url for git, without ref and folder
/// @param ref a branch, a tag or a commit; null is the default branch
/// @param folder the part of the tree that is meant; empty is all of it
public record GitAddress(String url, @Nullable String ref, String folder) {
  private static final List<String> SCHEMES = List.of("https", "http", "git", "ssh");

  /// @throws Fault.Invalid if it is none that may be fetched
  public static GitAddress parse(String text) {
    int hash = text.indexOf('#');
    String before = hash < 0 ? text : text.substring(0, hash);
    String fragment = hash < 0 ? "" : text.substring(hash + 1);
    int colon = fragment.indexOf(':');
    String ref = colon < 0 ? fragment : fragment.substring(0, colon);
    String folder = colon < 0 ? "" : fragment.substring(colon + 1);
    int question = before.indexOf('?');
    if (question >= 0 && !before.startsWith("git@")) {
      for (String pair : before.substring(question + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), text);
        switch (equals < 0 ? pair : pair.substring(0, equals)) {
          case "ref", "branch", "tag", "commit", "checksum" -> ref = value;
          case "subdir" -> folder = value;
          default -> throw refused(text, "unexpected query \"" + pair + "\"");
        }
      }
      before = before.substring(0, question);
    }
    checkUrl(before, text);
    checkRef(ref, text);
    return new GitAddress(before, ref.isEmpty() ? null : ref, folder(folder, text));
  }

  private static String decoded(String value, String text) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused(text, "a percent sign that encodes nothing");
    }
  }

  private static void checkUrl(String url, String text) {
    if (url.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw refused(text, "white space or control characters");
    }
    if (url.startsWith("git@")) {
      String host = url.substring(4);
      if (host.startsWith("-") || host.indexOf(':') <= 0) {
        throw refused(text, "want git@HOST:PATH");
      }
      return;
    }
    int scheme = url.indexOf("://");
    String name = scheme < 0 ? "" : url.substring(0, scheme).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(name)) {
      throw refused(text, "only https, http, git and ssh are fetched");
    }
    String rest = url.substring(scheme + 3);
    int at = rest.indexOf('@');
    int slash = rest.indexOf('/');
    String host = at >= 0 && (slash < 0 || at < slash) ? rest.substring(at + 1) : rest;
    if (host.isEmpty() || host.startsWith("-") || host.startsWith("/")) {
      throw refused(text, "there is no host");
    }
  }

  private static void checkRef(String ref, String text) {
    boolean strange = ref.startsWith("-") || ref.contains("..") || ref.contains(":");
    if (strange || ref.chars().anyMatch(c -> c <= ' ' || c == 0x7f || "~^?*[\\".indexOf(c) >= 0)) {
      throw refused(text, "\"" + ref + "\" is no ref");
    }
  }

  private static String folder(String folder, String text) {
    String clean = folder;
    while (clean.startsWith("/")) {
      clean = clean.substring(1);
    }
    for (String part : clean.split("/", -1)) {
      if (part.equals("..") || part.equals(".git")) {
        throw refused(text, "the folder \"" + folder + "\" leads out of the tree");
      }
    }
    return clean;
  }

  private static Fault.Invalid refused(String text, String why) {
    return new Fault.Invalid("invalid repository \"" + withoutUser(text) + "\": " + why);
  }

  /// The words without what may be a password.
  static String withoutUser(String text) {
    int scheme = text.indexOf("://");
    int at = text.indexOf('@', Math.max(0, scheme));
    return scheme > 0 && at > 0 ? text.substring(0, scheme + 3) + text.substring(at + 1) : text;
  }
}
