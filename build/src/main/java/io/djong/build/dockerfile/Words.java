package io.djong.build.dockerfile;

import java.util.ArrayList;
import java.util.List;

/// Splits lines at white space that is not quoted. Pure.
final class Words {
  private Words() {}

  /// The words as they stand, quotes and escapes and all.
  static List<String> raw(String line, char escape) {
    List<String> words = new ArrayList<>();
    for (Word word : located(line, escape)) {
      words.add(word.text());
    }
    return words;
  }

  /// A word and where it begins.
  record Word(String text, int offset) {}

  static List<Word> located(String line, char escape) {
    List<Word> words = new ArrayList<>();
    int start = -1;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && isSpace(c)) {
        if (start >= 0) {
          words.add(new Word(line.substring(start, i), start));
          start = -1;
        }
        continue;
      }
      if (start < 0) {
        start = i;
      }
      if (c == escape && quote != '\'') {
        i++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      }
    }
    if (start >= 0) {
      words.add(new Word(line.substring(start), start));
    }
    return words;
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\u000b' || c == '\f';
  }
}
