package io.djong.cli.command;

import io.djong.cli.flag.Given;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what was given to `djong build`.
final class BuildOptions {
  private static final String WANT_SECRET = "want id=NAME[,src=FILE|env=VARIABLE]";

  private BuildOptions() {}

  /// @param fromEnvironment whether a name alone means the variable of our own
  static Map<String, String> pairs(List<String> words, boolean fromEnvironment) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals >= 0) {
        all.put(word.substring(0, equals), word.substring(equals + 1));
      } else if (!fromEnvironment) {
        all.put(word, "");
      } else if (System.getenv(word) != null) {
        all.put(word, System.getenv(word));
      }
    }
    return all;
  }

  /// As JSON; null for none.
  static @Nullable String json(Map<String, String> pairs) {
    return pairs.isEmpty() ? null : Json.full().writeText(pairs);
  }

  static Map<String, String> secrets(List<String> words) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    for (String word : words) {
      String id = null;
      String file = null;
      String variable = null;
      for (String field : word.split(",", -1)) {
        int equals = field.indexOf('=');
        String value = field.substring(equals + 1);
        switch (equals < 0 ? field : field.substring(0, equals)) {
          case "id" -> id = value;
          case "src", "source" -> file = value;
          case "env" -> variable = value;
          case "type" -> {}
          default -> throw Given.invalid("secret", word, WANT_SECRET);
        }
      }
      if (id == null || id.isEmpty()) {
        throw Given.invalid("secret", word, WANT_SECRET);
      }
      all.put(id, Base64.getEncoder().encodeToString(secret(id, file, variable)));
    }
    return all;
  }

  private static byte[] secret(String id, @Nullable String file, @Nullable String variable)
      throws IOException {
    String fromEnvironment = System.getenv(variable == null ? id : variable);
    if (file == null && fromEnvironment != null) {
      return fromEnvironment.getBytes(StandardCharsets.UTF_8);
    }
    if (variable != null) {
      throw new IOException("secret " + id + ": there is no variable " + variable);
    }
    return Files.readAllBytes(Path.of(file == null ? id : file));
  }

  static Map<String, String> sockets(List<String> words) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      String id = equals < 0 ? word : word.substring(0, equals);
      String path = equals < 0 ? System.getenv("SSH_AUTH_SOCK") : word.substring(equals + 1);
      if (path == null) {
        missing.add(id);
      } else {
        all.put(id, Path.of(path).toAbsolutePath().toString());
      }
    }
    if (!missing.isEmpty()) {
      throw new IOException("no agent for --ssh " + missing + ": SSH_AUTH_SOCK is not set");
    }
    return all;
  }

  /// What `--build-context` names; folders are put into the list, and sent as a part.
  static Map<String, String> contexts(List<String> words, List<Path> folders) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      String value = word.substring(equals + 1);
      if (equals <= 0 || value.isEmpty()) {
        throw Given.invalid(
            "build-context", word, "want NAME=FOLDER, NAME=docker-image://IMAGE or NAME=URL");
      }
      if (value.startsWith("docker-image://")) {
        all.put(word.substring(0, equals), "image:" + value.substring(15));
      } else if (SentContext.isRemote(value)) {
        all.put(word.substring(0, equals), "url:" + value);
      } else if (value.contains("://")) {
        throw Given.invalid("build-context", word, "want a folder, docker-image:// or a URL");
      } else {
        folders.add(Path.of(value));
        all.put(word.substring(0, equals), "part:" + SentContext.part(folders.size()));
      }
    }
    return all;
  }
}
