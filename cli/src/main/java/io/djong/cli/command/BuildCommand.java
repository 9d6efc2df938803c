package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.BuildExtras;
import io.djong.api.BuildMessage;
import io.djong.api.BuildStep;
import io.djong.api.JsonLines;
import io.djong.api.StreamMessage.ErrorDetail;
import io.djong.api.Target;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds an image from a Dockerfile and a folder, of which only what the ignore file lets through
/// is sent.
public final class BuildCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] PATH | -", "Build an image from a Dockerfile", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("add-host", "", "list", "Add a custom host-to-IP mapping (host:ip)")
        .value("build-arg", "", "list", "Set build-time variables (NAME=value, or NAME)")
        .toggle("check", "", "Look at the Dockerfile alone, and say what is probably not meant")
        .toggle("explain", "", "Say for each step why it was, or was not, built anew")
        .value(
            "file",
            "f",
            "string",
            "Name of the Dockerfile (Default is PATH/Dockerfile; - is STDIN)")
        .value("iidfile", "", "string", "Write the image ID to the file")
        .value("label", "", "list", "Set metadata for an image")
        .value("metadata-file", "", "string", "Write what was built to a file, as JSON")
        .value("network", "", "string", "Set the networking mode for the RUN instructions")
        .toggle("no-cache", "", "Do not use cache when building the image")
        .value("platform", "", "string", "Set platform of the image")
        .value("progress", "", "string", "How to tell of it: auto, plain, quiet or rawjson")
        .toggle("pull", "", "Always attempt to pull a newer version of the images")
        .toggle("quiet", "q", "Print the image ID on success, and nothing else")
        .value(
            "secret",
            "",
            "list",
            "A secret for RUN --mount=type=secret (id=NAME[,src=FILE|env=VARIABLE])")
        .value(
            "ssh", "", "list", "An agent's socket for RUN --mount=type=ssh (default|NAME[=SOCKET])")
        .value("tag", "t", "list", "Name and optionally a tag (name:tag)")
        .value("target", "", "string", "The stage to build")
        .value("timeline", "", "string", "Draw when each step ran to a file, as SVG");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    String progress = given.is("quiet") ? "quiet" : given.text("progress", "auto");
    if (!List.of("auto", "plain", "tty", "quiet", "rawjson").contains(progress)) {
      throw Given.invalid("progress", progress, "want auto, plain, quiet or rawjson");
    }
    Outcome outcome = new Outcome();
    try (SentContext context = SentContext.open(call, given.argument(0), given.text("file"));
        InputStream tar = context.tar();
        JsonLines<BuildMessage> answers =
            call.engine().build(parameters(given, context), extras(given, context), tar)) {
      for (BuildMessage message; (message = answers.next()) != null; ) {
        outcome.take(call, message, progress);
      }
    }
    ErrorDetail failed = outcome.failed;
    if (failed != null) {
      call.console().say(failed.message());
      Integer code = failed.code();
      return code == null || code == 0 ? 1 : code;
    }
    if (given.is("check")) {
      return 0;
    }
    String image = outcome.image;
    if (image == null) {
      throw new ApiError(500, "the engine ended the build without a word");
    }
    finish(call, image, outcome.steps);
    return 0;
  }

  /// What the engine said so far.
  private static final class Outcome {
    private @Nullable String image;
    private @Nullable ErrorDetail failed;
    private List<BuildStep> steps = List.of();

    void take(Call call, BuildMessage message, String progress) {
      if (progress.equals("rawjson")) {
        call.console().print(Json.lean().writeText(message));
      }
      Map<String, String> aux = message.aux();
      String stream = message.stream();
      List<BuildStep> reported = message.steps();
      if (message.error() != null) {
        failed = message.errorDetail();
      } else if (aux != null && aux.containsKey("ID")) {
        image = aux.get("ID");
      } else if (reported != null) {
        steps = reported;
      } else if (stream != null && !progress.equals("quiet") && !progress.equals("rawjson")) {
        call.console().out().print(stream);
        call.console().flush();
      }
    }
  }

  private static void finish(Call call, String image, List<BuildStep> steps) throws IOException {
    Given given = call.given();
    if (given.is("quiet") || given.text("progress", "").equals("quiet")) {
      call.console().print(image);
    }
    if (given.is("explain")) {
      for (BuildStep step : steps) {
        call.console().print(BuildReport.line(step));
      }
    }
    String timeline = given.text("timeline");
    if (timeline != null) {
      Files.writeString(Path.of(timeline), BuildReport.svg(steps));
    }
    String idFile = given.text("iidfile");
    if (idFile != null) {
      Files.writeString(Path.of(idFile), image);
    }
    String metadata = given.text("metadata-file");
    if (metadata != null) {
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("containerimage.config.digest", image);
      if (given.has("tag")) {
        about.put("image.name", String.join(",", given.all("tag")));
      }
      Files.writeString(Path.of(metadata), Json.full().writeText(about) + "\n");
    }
  }

  private static Target parameters(Given given, SentContext context) {
    List<String> hosts = given.all("add-host");
    return Target.of("build")
        .with("dockerfile", context.dockerfile())
        .withAll("t", given.all("tag"))
        .with("target", given.text("target"))
        .with("nocache", given.is("no-cache"))
        .with("pull", given.is("pull"))
        .with("platform", given.text("platform"))
        .with("networkmode", given.text("network"))
        .with("extrahosts", hosts.isEmpty() ? null : String.join(",", hosts))
        .with("buildargs", map(given.all("build-arg"), true))
        .with("labels", map(given.all("label"), false));
  }

  /// @param fromEnvironment whether a name alone means the variable of our own
  private static @Nullable String map(List<String> words, boolean fromEnvironment) {
    if (words.isEmpty()) {
      return null;
    }
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
    return Json.full().writeText(all);
  }

  private static BuildExtras extras(Given given, SentContext context) throws IOException {
    byte[] dockerfile = context.dockerfileText();
    return new BuildExtras(
        dockerfile == null ? null : Base64.getEncoder().encodeToString(dockerfile),
        secrets(given.all("secret")),
        sockets(given.all("ssh")),
        given.is("explain") || given.has("timeline"),
        given.is("check"));
  }

  private static Map<String, String> secrets(List<String> words) throws IOException {
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
          default -> throw Given.invalid("secret", word, "want id=NAME[,src=FILE|env=VARIABLE]");
        }
      }
      if (id == null || id.isEmpty()) {
        throw Given.invalid("secret", word, "want id=NAME[,src=FILE|env=VARIABLE]");
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

  private static Map<String, String> sockets(List<String> words) throws IOException {
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
}
