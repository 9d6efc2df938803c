package io.djong.cli.format;

import io.djong.model.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The functions of templates: those of Go's `text/template` and those that Docker adds.
final class TemplateFunctions {
  private TemplateFunctions() {}

  static boolean isKnown(String name) {
    return switch (name) {
      case "json",
          "upper",
          "lower",
          "title",
          "split",
          "join",
          "pad",
          "truncate",
          "len",
          "index",
          "print",
          "println",
          "printf",
          "eq",
          "ne",
          "lt",
          "gt",
          "not",
          "and",
          "or" ->
          true;
      default -> false;
    };
  }

  static @Nullable Object call(String name, List<@Nullable Object> arguments) {
    return switch (name) {
      case "json" -> json(one(name, arguments));
      case "upper" -> text(one(name, arguments)).toUpperCase(Locale.ROOT);
      case "lower" -> text(one(name, arguments)).toLowerCase(Locale.ROOT);
      case "title" -> title(text(one(name, arguments)));
      case "split" ->
          List.of(
              two(name, arguments)
                  .split(java.util.regex.Pattern.quote(text(arguments.get(1))), -1));
      case "join" -> join(arguments);
      case "pad" -> pad(arguments);
      case "truncate" -> {
        String text = two(name, arguments);
        yield text.substring(0, Math.min(text.length(), number(arguments.get(1))));
      }
      case "len" -> size(one(name, arguments));
      case "index" -> index(arguments);
      case "print" -> joined(arguments, "");
      case "println" -> joined(arguments, " ") + "\n";
      case "printf" -> printf(arguments);
      case "eq" -> equal(arguments);
      case "ne" -> !equal(arguments);
      case "lt" -> compare(arguments) < 0;
      case "gt" -> compare(arguments) > 0;
      case "not" -> !truth(one(name, arguments));
      case "and" -> select(arguments, false);
      case "or" -> select(arguments, true);
      default -> throw new TemplateException("function \"" + name + "\" not defined");
    };
  }

  /// Go's idea of truth: false, zero and what is empty are not true.
  static boolean truth(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean truth -> truth;
      case Number number -> number.doubleValue() != 0;
      case CharSequence text -> !text.isEmpty();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  /// A value as Go prints it.
  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "<no value>";
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
          String.valueOf(number.longValue());
      case List<?> list -> "[" + joined(list, " ") + "]";
      case Map<?, ?> map -> {
        StringBuilder text = new StringBuilder("map[");
        for (Object key : new java.util.TreeSet<Object>(map.keySet())) {
          text.append(text.length() > 4 ? " " : "")
              .append(key)
              .append(':')
              .append(text(map.get(key)));
        }
        yield text.append(']').toString();
      }
      default -> value.toString();
    };
  }

  static String json(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> shown = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!(entry.getValue() instanceof Template.Method)) {
          shown.put((String) entry.getKey(), entry.getValue());
        }
      }
      return Json.full().writeText(shown);
    }
    return Json.full().writeText(value);
  }

  private static @Nullable Object one(String name, List<@Nullable Object> arguments) {
    if (arguments.size() != 1) {
      throw new TemplateException(
          "wrong number of args for " + name + ": want 1 got " + arguments.size());
    }
    return arguments.get(0);
  }

  private static String two(String name, List<@Nullable Object> arguments) {
    if (arguments.size() != 2) {
      throw new TemplateException(
          "wrong number of args for " + name + ": want 2 got " + arguments.size());
    }
    return text(arguments.get(0));
  }

  private static String title(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String join(List<@Nullable Object> arguments) {
    two("join", arguments);
    // Both `join .List ","` and `.List | join ","` are in use.
    boolean listFirst = arguments.get(0) instanceof List<?>;
    Object list = arguments.get(listFirst ? 0 : 1);
    Object separator = arguments.get(listFirst ? 1 : 0);
    return list instanceof List<?> values ? joined(values, text(separator)) : text(list);
  }

  private static String pad(List<@Nullable Object> arguments) {
    if (arguments.size() != 3) {
      throw new TemplateException("wrong number of args for pad: want 3 got " + arguments.size());
    }
    String text = text(arguments.get(0));
    return text.isEmpty()
        ? text
        : " ".repeat(number(arguments.get(1))) + text + " ".repeat(number(arguments.get(2)));
  }

  private static int number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.intValue();
    }
    throw new TemplateException("expected integer; found " + text(value));
  }

  private static int size(@Nullable Object value) {
    return switch (value) {
      case CharSequence text -> text.length();
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case null, default -> throw new TemplateException("len of " + text(value));
    };
  }

  private static @Nullable Object index(List<@Nullable Object> arguments) {
    Object value = arguments.isEmpty() ? null : arguments.get(0);
    for (Object key : arguments.subList(Math.min(1, arguments.size()), arguments.size())) {
      if (value instanceof List<?> list) {
        int i = number(key);
        if (i < 0 || i >= list.size()) {
          throw new TemplateException("error calling index: index out of range: " + i);
        }
        value = list.get(i);
      } else if (value instanceof Map<?, ?> map) {
        value = map.get(text(key));
      } else {
        throw new TemplateException("error calling index: can't index " + text(value));
      }
    }
    return value;
  }

  private static String joined(List<?> values, String separator) {
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      texts.add(text(value));
    }
    return String.join(separator, texts);
  }

  private static String printf(List<@Nullable Object> arguments) {
    if (arguments.isEmpty()) {
      throw new TemplateException("wrong number of args for printf: want at least 1 got 0");
    }
    List<@Nullable Object> rest = new ArrayList<>();
    for (Object argument : arguments.subList(1, arguments.size())) {
      rest.add(
          argument instanceof Double d && d == Math.rint(d) ? (Object) d.longValue() : argument);
    }
    String format = text(arguments.get(0)).replace("%v", "%s").replace("%q", "\"%s\"");
    try {
      return String.format(Locale.ROOT, format, rest.toArray());
    } catch (java.util.IllegalFormatException e) {
      throw new TemplateException("error calling printf: " + e.getMessage());
    }
  }

  private static boolean equal(List<@Nullable Object> arguments) {
    for (Object other : arguments.subList(Math.min(1, arguments.size()), arguments.size())) {
      if (Objects.equals(text(arguments.get(0)), text(other))) {
        return true;
      }
    }
    return false;
  }

  private static int compare(List<@Nullable Object> arguments) {
    two("comparison", arguments);
    return arguments.get(0) instanceof Number a && arguments.get(1) instanceof Number b
        ? Double.compare(a.doubleValue(), b.doubleValue())
        : text(arguments.get(0)).compareTo(text(arguments.get(1)));
  }

  private static @Nullable Object select(List<@Nullable Object> arguments, boolean wanted) {
    Object last = null;
    for (Object argument : arguments) {
      last = argument;
      if (truth(argument) == wanted) {
        return argument;
      }
    }
    return last;
  }
}
