package io.djong.cli.format;

import io.djong.cli.format.Template.Node;
import io.djong.cli.format.Template.Operand;
import io.djong.cli.format.Template.Pipe;
import java.util.ArrayList;
import java.util.List;

/// Reads a template's text. For one use.
final class TemplateParser {
  private final String text;
  private int at;
  private boolean trimNext;
  private List<String> words = List.of();
  private int word;

  TemplateParser(String text) {
    this.text = text;
  }

  List<Node> parse() {
    List<Node> nodes = new ArrayList<>();
    String end = nodes(nodes);
    if (!end.isEmpty()) {
      throw new TemplateException("unexpected {{" + end + "}}");
    }
    return List.copyOf(nodes);
  }

  /// Reads nodes up to an `end` or `else`, whose word is returned and whose other words are next;
  /// empty at the end of the text.
  private String nodes(List<Node> into) {
    while (at < text.length()) {
      int open = text.indexOf("{{", at);
      String plain = text.substring(at, open < 0 ? text.length() : open);
      boolean trimBefore = open >= 0 && text.startsWith("{{- ", open);
      plain = trimNext ? plain.stripLeading() : plain;
      plain = trimBefore ? plain.stripTrailing() : plain;
      if (!plain.isEmpty()) {
        into.add(new Node.Text(plain));
      }
      if (open < 0) {
        at = text.length();
        return "";
      }
      action(open + (trimBefore ? 3 : 2));
      String keyword = words.isEmpty() ? "" : words.get(0);
      switch (keyword) {
        case "end", "else" -> {
          word = 1;
          return keyword;
        }
        case "if", "with", "range" -> {
          word = 1;
          into.add(block(keyword));
        }
        case "" -> {} // a comment
        default -> {
          word = 0;
          into.add(new Node.Print(pipe()));
        }
      }
    }
    return "";
  }

  private Node block(String keyword) {
    Pipe pipe = pipe();
    List<Node> body = new ArrayList<>();
    List<Node> otherwise = new ArrayList<>();
    String end = nodes(body);
    if (end.equals("else")) {
      if (word < words.size()) { // else if
        String nested = words.get(word++);
        otherwise.add(block(nested));
        return node(keyword, pipe, body, otherwise);
      }
      end = nodes(otherwise);
    }
    if (!end.equals("end")) {
      throw new TemplateException("{{" + keyword + "}} without {{end}}");
    }
    return node(keyword, pipe, body, otherwise);
  }

  private static Node node(String keyword, Pipe pipe, List<Node> body, List<Node> otherwise) {
    return switch (keyword) {
      case "if" -> new Node.If(pipe, body, otherwise);
      case "with" -> new Node.With(pipe, body, otherwise);
      case "range" -> new Node.Range(pipe, body, otherwise);
      default -> throw new TemplateException("unexpected \"" + keyword + "\"");
    };
  }

  private Pipe pipe() {
    List<String> variables = new ArrayList<>();
    int assign = words.subList(word, words.size()).indexOf(":=");
    if (assign > 0) {
      for (String name : words.subList(word, word + assign)) {
        if (!name.equals(",")) {
          variables.add(name);
        }
      }
      word += assign + 1;
    }
    List<List<Operand>> calls = new ArrayList<>();
    List<Operand> call = new ArrayList<>();
    while (word < words.size() && !words.get(word).startsWith(")")) {
      String next = words.get(word++);
      if (next.equals("|")) {
        calls.add(call);
        call = new ArrayList<>();
      } else {
        call.add(operand(next));
      }
    }
    calls.add(call);
    for (List<Operand> one : calls) {
      if (one.isEmpty()) {
        throw new TemplateException("missing value for command");
      }
    }
    return new Pipe(variables, calls);
  }

  private Operand operand(String next) {
    char first = next.charAt(0);
    if (first == '(') {
      Pipe pipe = pipe();
      if (word == words.size()) {
        throw new TemplateException("unclosed left paren");
      }
      return new Operand.Nested(pipe, path(words.get(word++).substring(1)));
    }
    if (first == '.') {
      return new Operand.Field(path(next));
    }
    if (first == '$') {
      int dot = next.indexOf('.');
      return dot < 0
          ? new Operand.Variable(next, List.of())
          : new Operand.Variable(next.substring(0, dot), path(next.substring(dot)));
    }
    if (first == '"' || first == '`') {
      return new Operand.Literal(literal(next));
    }
    if (first == '-' || (first >= '0' && first <= '9')) {
      try {
        return new Operand.Literal(Long.valueOf(next));
      } catch (NumberFormatException _) {
        throw new TemplateException("bad number syntax: \"" + next + "\"");
      }
    }
    if (next.equals("true") || next.equals("false")) {
      return new Operand.Literal(Boolean.valueOf(next));
    }
    if (next.equals("nil")) {
      return new Operand.Literal(null);
    }
    if (!TemplateFunctions.isKnown(next)) {
      throw new TemplateException("function \"" + next + "\" not defined");
    }
    return new Operand.Function(next);
  }

  private static List<String> path(String dotted) {
    List<String> path = new ArrayList<>();
    int start = 1;
    while (start < dotted.length()) {
      int dot = dotted.indexOf('.', start);
      int end = dot < 0 ? dotted.length() : dot;
      if (end == start) {
        throw new TemplateException("unexpected \".\" in " + dotted);
      }
      path.add(dotted.substring(start, end));
      start = end + 1;
    }
    return path;
  }

  private static String literal(String quoted) {
    String inner = quoted.substring(1, quoted.length() - 1);
    if (quoted.charAt(0) == '`') {
      return inner;
    }
    try {
      return inner.translateEscapes();
    } catch (IllegalArgumentException _) {
      throw new TemplateException("invalid string " + quoted);
    }
  }

  /// Takes the words of the action that begins here, and stands behind it afterwards.
  private void action(int start) {
    List<String> found = new ArrayList<>();
    trimNext = false;
    at = start;
    while (true) {
      while (at < text.length() && text.charAt(at) <= ' ') {
        at++;
      }
      if (at >= text.length()) {
        throw new TemplateException("unclosed action");
      }
      if (text.startsWith("}}", at)) {
        at += 2;
        break;
      }
      if (text.startsWith("-}}", at)) {
        at += 3;
        trimNext = true;
        break;
      }
      if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at);
        if (end < 0) {
          throw new TemplateException("unclosed comment");
        }
        at = end + 2;
      } else {
        int end = endOfWord(at);
        found.add(text.substring(at, end));
        at = end;
      }
    }
    words = found;
  }

  private int endOfWord(int start) {
    char first = text.charAt(start);
    if (first == '"' || first == '`') {
      for (int i = start + 1; i < text.length(); i++) {
        if (text.charAt(i) == first) {
          return i + 1;
        }
        if (text.charAt(i) == '\\' && first == '"') {
          i++;
        }
      }
      throw new TemplateException("unterminated quoted string");
    }
    if (text.startsWith(":=", start)) {
      return start + 2;
    }
    if (first == '(' || first == '|' || first == ',') {
      return start + 1;
    }
    int i = start + 1;
    while (i < text.length()
        && " \t\n\r|(),\"`".indexOf(text.charAt(i)) < 0
        && !text.startsWith("}}", i)
        && !text.startsWith(":=", i)) {
      i++;
    }
    return i;
  }
}
