package io.djong.cli.format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A template in the language of Go's `text/template`, as far as `--format` uses it: fields, pipes,
/// variables, `if`, `range`, `with`, and the functions of [TemplateFunctions]. It is applied to
/// trees of maps, lists, texts, numbers and booleans. Immutable.
public final class Template {
  private final List<Node> nodes;
  private final boolean strict;

  Template(List<Node> nodes, boolean strict) {
    this.nodes = nodes;
    this.strict = strict;
  }

  /// Reads a template.
  ///
  /// @param strict whether a field that is not there is an error; else it is `<no value>`
  /// @throws TemplateException if it cannot be read
  public static Template parse(String text, boolean strict) {
    return new Template(new TemplateParser(text).parse(), strict);
  }

  /// Fills the template.
  ///
  /// @throws TemplateException if it asks for what is not there, or a function cannot take its
  ///   arguments
  public String apply(@Nullable Object data) {
    Scope scope = new Scope(data, strict);
    StringBuilder out = new StringBuilder();
    write(nodes, data, scope, out);
    return out.toString();
  }

  /// The variables, and `$`, the whole.
  static final class Scope {
    private final boolean strict;
    private final Map<String, @Nullable Object> variables = new HashMap<>();

    Scope(@Nullable Object root, boolean strict) {
      this.strict = strict;
      variables.put("$", root);
    }
  }

  private static void write(
      List<Node> nodes, @Nullable Object dot, Scope scope, StringBuilder out) {
    for (Node node : nodes) {
      switch (node) {
        case Node.Text text -> out.append(text.text());
        case Node.Print print -> {
          Object value = value(print.pipe(), dot, scope);
          if (print.pipe().variables().isEmpty()) {
            out.append(TemplateFunctions.text(value));
          }
        }
        case Node.If choice -> {
          boolean met = TemplateFunctions.truth(value(choice.condition(), dot, scope));
          write(met ? choice.then() : choice.otherwise(), dot, scope, out);
        }
        case Node.With with -> {
          Object value = value(with.value(), dot, scope);
          if (TemplateFunctions.truth(value)) {
            write(with.then(), value, scope, out);
          } else {
            write(with.otherwise(), dot, scope, out);
          }
        }
        case Node.Range range -> range(range, dot, scope, out);
      }
    }
  }

  private static void range(
      Node.Range range, @Nullable Object dot, Scope scope, StringBuilder out) {
    Object all = value(range.over(), dot, scope);
    List<Object> keys = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    switch (all) {
      case Map<?, ?> map -> {
        for (Object key :
            new java.util.TreeSet<Object>(map.keySet())) { // Go goes through keys in order.
          keys.add(key);
          values.add(map.get(key));
        }
      }
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          keys.add(i);
          values.add(list.get(i));
        }
      }
      case null -> {}
      default ->
          throw new TemplateException("range can't iterate over " + TemplateFunctions.text(all));
    }
    List<String> names = range.over().variables();
    for (int i = 0; i < values.size(); i++) {
      if (names.size() == 2) {
        scope.variables.put(names.get(0), keys.get(i));
      }
      if (!names.isEmpty()) {
        scope.variables.put(names.get(names.size() - 1), values.get(i));
      }
      write(range.body(), values.get(i), scope, out);
    }
    if (values.isEmpty()) {
      write(range.otherwise(), dot, scope, out);
    }
  }

  private static @Nullable Object value(Pipe pipe, @Nullable Object dot, Scope scope) {
    Object value = null;
    boolean piped = false;
    for (List<Operand> call : pipe.calls()) {
      value = call(call, piped, value, dot, scope);
      piped = true;
    }
    if (pipe.variables().size() == 1) {
      scope.variables.put(pipe.variables().get(0), value);
    }
    return value;
  }

  private static @Nullable Object call(
      List<Operand> words,
      boolean piped,
      @Nullable Object last,
      @Nullable Object dot,
      Scope scope) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (Operand word : words.subList(1, words.size())) {
      arguments.add(operand(word, dot, scope));
    }
    if (piped) {
      arguments.add(last);
    }
    return switch (words.get(0)) {
      case Operand.Function function -> TemplateFunctions.call(function.name(), arguments);
      case Operand first -> {
        Object value = operand(first, dot, scope);
        if (value instanceof Method method) {
          yield method.call(arguments);
        }
        if (!arguments.isEmpty()) {
          throw new TemplateException("can't give arguments to what is not a function");
        }
        yield value;
      }
    };
  }

  private static @Nullable Object operand(Operand operand, @Nullable Object dot, Scope scope) {
    return switch (operand) {
      case Operand.Literal literal -> literal.value();
      case Operand.Function function -> TemplateFunctions.call(function.name(), List.of());
      case Operand.Nested nested -> fields(value(nested.pipe(), dot, scope), nested.path(), scope);
      case Operand.Field field -> fields(dot, field.path(), scope);
      case Operand.Variable variable -> {
        if (!scope.variables.containsKey(variable.name())) {
          throw new TemplateException("undefined variable \"" + variable.name() + "\"");
        }
        yield fields(scope.variables.get(variable.name()), variable.path(), scope);
      }
    };
  }

  private static @Nullable Object fields(@Nullable Object from, List<String> path, Scope scope) {
    Object value = from;
    for (String name : path) {
      if (value instanceof Map<?, ?> map && (!scope.strict || map.containsKey(name))) {
        value = field(map, name);
      } else if (value == null && !scope.strict) {
        return null;
      } else {
        throw new TemplateException("can't evaluate field " + name);
      }
    }
    return value;
  }

  /// Templates name the fields of Docker's structures (`APIVersion`), trees those on the wire
  /// (`ApiVersion`): where there is no such field, one that differs in case is meant.
  private static @Nullable Object field(Map<?, ?> map, String name) {
    if (!map.containsKey(name)) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (name.equalsIgnoreCase(String.valueOf(entry.getKey()))) {
          return entry.getValue();
        }
      }
    }
    return map.get(name);
  }

  /// A field that takes arguments, such as `.Label "name"`.
  public interface Method {
    String call(List<@Nullable Object> arguments);
  }

  /// A part of a template.
  sealed interface Node {
    record Text(String text) implements Node {}

    record Print(Pipe pipe) implements Node {}

    record If(Pipe condition, List<Node> then, List<Node> otherwise) implements Node {}

    record With(Pipe value, List<Node> then, List<Node> otherwise) implements Node {}

    record Range(Pipe over, List<Node> body, List<Node> otherwise) implements Node {}
  }

  /// Calls, each of which gets the last one's value; and the variables that get the value.
  record Pipe(List<String> variables, List<List<Operand>> calls) {}

  /// A word of a call.
  sealed interface Operand {
    record Literal(@Nullable Object value) implements Operand {}

    record Field(List<String> path) implements Operand {}

    record Variable(String name, List<String> path) implements Operand {}

    record Function(String name) implements Operand {}

    record Nested(Pipe pipe, List<String> path) implements Operand {}
  }
}
