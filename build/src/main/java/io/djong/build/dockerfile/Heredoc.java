package io.djong.build.dockerfile;

import org.jspecify.annotations.Nullable;

/// A document that stands in the Dockerfile itself, after the instruction that uses it.
///
/// @param name the word that ends it
/// @param expand whether variables in it mean something: not if the name was quoted
/// @param chomp whether tabs in front of its lines are taken away (`<<-`)
/// @param content with its line ends
public record Heredoc(String name, boolean expand, boolean chomp, String content) {
  /// The content as it is meant.
  public String text() {
    if (!chomp) {
      return content;
    }
    StringBuilder text = new StringBuilder();
    boolean start = true;
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (start && c == '\t') {
        continue;
      }
      text.append(c);
      start = c == '\n';
    }
    return text.toString();
  }

  Heredoc with(String newContent) {
    return new Heredoc(name, expand, chomp, newContent);
  }

  /// The document that a word announces, without its content; null if the word announces none.
  static @Nullable Heredoc announcedBy(String word) {
    int at = 0;
    while (at < word.length() && Character.isDigit(word.charAt(at))) {
      at++;
    }
    if (!word.startsWith("<<", at)) {
      return null;
    }
    at += 2;
    boolean chomp = word.startsWith("-", at);
    String rest = word.substring(chomp ? at + 1 : at);
    if (rest.isEmpty() || rest.indexOf('<') >= 0) {
      return null;
    }
    String bare = unquoted(rest);
    return bare == null ? null : new Heredoc(bare, bare.equals(rest), chomp, "");
  }

  private static @Nullable String unquoted(String word) {
    StringBuilder bare = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && c == '\\' && i + 1 < word.length()) {
        bare.append(word.charAt(++i));
      } else {
        bare.append(c);
      }
    }
    return quote != 0 || bare.isEmpty() ? null : bare.toString();
  }
}
