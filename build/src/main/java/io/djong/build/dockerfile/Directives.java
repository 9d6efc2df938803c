package io.djong.build.dockerfile;

import io.djong.build.dockerfile.DockerfileText.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What stands in the comments at the very top: `# syntax=`, `# escape=`, `# check=` (Dockerfile
/// reference, Parser directives). Immutable.
///
/// @param skipped the lint rules that are not to be checked; `all` is every one
/// @param experimental the lint rules that are checked only where they are asked for
/// @param extensions whether djong's own instructions and flags may be used
/// @param strict whether what a check finds is an error
public record Directives(
    @Nullable String syntax,
    char escape,
    Set<String> skipped,
    Set<String> experimental,
    boolean extensions,
    boolean strict) {

  private static final Pattern EXTENSIONS = Pattern.compile("#\\s*djong:\\s*extensions\\s*");

  private static final Set<String> KNOWN = Set.of("syntax", "escape", "check");
  private static final List<String> OURS =
      List.of(
          "docker/dockerfile",
          "docker.io/docker/dockerfile",
          "docker/dockerfile-upstream",
          "docker.io/docker/dockerfile-upstream");

  static Directives read(DockerfileText text, List<String> warnings) {
    Map<String, String> found = new LinkedHashMap<>();
    int number = 0;
    boolean extensions = false;
    for (String line : text.lines()) {
      number++;
      String bare = line.strip();
      int equals = bare.indexOf('=');
      if (number == 1 && bare.startsWith("#!")) {
        continue;
      }
      if (EXTENSIONS.matcher(bare).matches()) {
        extensions = true;
        continue;
      }
      if (!bare.startsWith("#") || equals < 0) {
        break;
      }
      String key = bare.substring(1, equals).strip().toLowerCase(Locale.ROOT);
      if (!KNOWN.contains(key)) {
        break;
      }
      String value = bare.substring(equals + 1).strip();
      if (found.put(key, value) != null) {
        throw text.mistake(
            new Position(number, 1),
            line.length(),
            "only one " + key + " parser directive can be used");
      }
      if (key.equals("escape") && !value.equals("\\") && !value.equals("`")) {
        throw text.mistake(
            new Position(number, line.indexOf('=') + 2),
            Math.max(1, value.length()),
            "invalid escape token '" + value + "' does not match ` or \\");
      }
    }
    String syntax = found.get("syntax");
    if (syntax != null && !isOurs(syntax)) {
      warnings.add(
          "# syntax=" + syntax + " is not run: djong reads Dockerfiles with its own parser alone");
    }
    char escape = found.getOrDefault("escape", "\\").charAt(0);
    return of(syntax, escape, found.get("check"), extensions);
  }

  private static Directives of(
      @Nullable String syntax, char escape, @Nullable String check, boolean extensions) {
    Set<String> skipped = new TreeSet<>();
    Set<String> experimental = new TreeSet<>();
    boolean strict = false;
    for (String part : check == null ? new String[0] : check.split(";", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part.strip() : part.substring(0, equals).strip();
      String value = equals < 0 ? "" : part.substring(equals + 1).strip();
      if (key.equals("skip")) {
        for (String rule : value.split(",", -1)) {
          skipped.add(rule.strip());
        }
      } else if (key.equals("experimental")) {
        for (String rule : value.split(",", -1)) {
          experimental.add(rule.strip());
        }
      } else if (key.equals("error")) {
        strict = value.equalsIgnoreCase("true");
      }
    }
    return new Directives(
        syntax, escape, Set.copyOf(skipped), Set.copyOf(experimental), extensions, strict);
  }

  private static boolean isOurs(String syntax) {
    for (String name : OURS) {
      if (syntax.equals(name) || syntax.startsWith(name + ":") || syntax.startsWith(name + "@")) {
        return true;
      }
    }
    return false;
  }
}
