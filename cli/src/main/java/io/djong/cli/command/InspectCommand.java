package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.ContainerInspect;
import io.djong.api.Target;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.Errors;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.flag.UsageException;
import io.djong.cli.format.JsonText;
import io.djong.cli.format.Template;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Shows everything about things as JSON, or what a template takes from it.
public final class InspectCommand implements Command {
  /// What a word may name, and where the API keeps it.
  public enum Kind {
    CONTAINER("container", "containers"),
    IMAGE("image", "images"),
    NETWORK("network", "networks"),
    VOLUME("volume", "volumes");

    private final String word;
    private final String path;

    Kind(String word, String path) {
      this.word = word;
      this.path = path;
    }

    private Target target(String ref, boolean size) {
      return this == CONTAINER
          ? Target.of(path, ref, "json").with("size", size)
          : this == IMAGE ? Target.of(path, ref, "json") : Target.of(path, ref);
    }
  }

  private final @Nullable Kind only;

  /// @param only the kind that the arguments name, null for any
  public InspectCommand(@Nullable Kind only) {
    this.only = only;
  }

  @Override
  public Synopsis synopsis() {
    String what = only == null ? "NAME|ID" : only.word.toUpperCase(Locale.ROOT);
    return new Synopsis(
        "[OPTIONS] " + what + " [" + what + "...]",
        "Display detailed information on one or more "
            + (only == null ? "objects" : only.word + "s"),
        1,
        -1);
  }

  @Override
  public void declare(Flags flags) {
    flags.value("format", "f", "string", "'json' or a Go template");
    if (only == null || only == Kind.CONTAINER) {
      flags
          .toggle("security", "", "Say in words what a container may do to its machine")
          .toggle("size", "s", "Display total file sizes if the type is container");
    }
    if (only == null) {
      flags.value("type", "", "string", "Only inspect objects of the given type");
    }
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    if ((only == null || only == Kind.CONTAINER) && given.is("security")) {
      return security(call);
    }
    List<Kind> kinds = kinds(given);
    boolean size = (only == null || only == Kind.CONTAINER) && given.is("size");
    String format = given.text("format");
    Template template =
        format == null || format.equals("json")
            ? null
            : Template.parse(format.replace("\\t", "\t").replace("\\n", "\n"), false);
    List<String> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String ref : given.arguments()) {
      byte[] json = find(call, kinds, ref, size, missing);
      if (json != null) {
        found.add(
            template == null
                ? new String(json, StandardCharsets.UTF_8).strip()
                : template.apply(Json.full().readTree(json)));
      }
    }
    if (format == null) {
      call.console().print(JsonText.indent("[" + String.join(",", found) + "]"));
    } else {
      for (String line : found) {
        call.console().print(line);
      }
    }
    for (String line : missing) {
      call.console().say(line);
    }
    return missing.isEmpty() ? 0 : 1;
  }

  private static int security(Call call) throws IOException {
    for (String ref : call.given().arguments()) {
      ContainerInspect container = call.engine().container(ref, false);
      String name = container.name();
      call.console().print(name.startsWith("/") ? name.substring(1) : name);
      for (String words : SecurityWords.of(container)) {
        call.console().print(words);
      }
    }
    return 0;
  }

  private List<Kind> kinds(Given given) {
    String type = only == null ? given.text("type") : only.word;
    if (type == null) {
      return List.of(Kind.values());
    }
    for (Kind kind : Kind.values()) {
      if (kind.word.equals(type)) {
        return List.of(kind);
      }
    }
    throw new UsageException("\"" + type + "\" is not a valid value for --type");
  }

  private static byte @Nullable [] find(
      Call call, List<Kind> kinds, String ref, boolean size, List<String> missing)
      throws IOException {
    ApiError refusal = null;
    for (Kind kind : kinds) {
      try {
        return call.engine().json(kind.target(ref, size));
      } catch (ApiError e) {
        if (e.status() != 404) {
          refusal = e;
          break;
        }
        refusal = kinds.size() == 1 ? e : null;
      }
    }
    missing.add(refusal == null ? "Error: No such object: " + ref : Errors.text(refusal));
    return null;
  }
}
