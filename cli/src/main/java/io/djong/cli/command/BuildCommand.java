package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.BuildEvent;
import io.djong.api.BuildExtras;
import io.djong.api.BuildMessage;
import io.djong.api.BuildStep;
import io.djong.api.JsonLines;
import io.djong.api.RegistryLogins;
import io.djong.api.StreamMessage.ErrorDetail;
import io.djong.api.Target;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Builds an image from a Dockerfile and a folder, of which only what the ignore file lets through
/// is sent.
public final class BuildCommand implements Command {
  private static final List<String> PROGRESS = List.of("auto", "plain", "tty", "quiet", "rawjson");

  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] PATH | URL | -", "Build an image from a Dockerfile", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("add-host", "", "list", "Add a custom host-to-IP mapping (host:ip)")
        .value("build-arg", "", "list", "Set build-time variables (NAME=value, or NAME)")
        .value(
            "build-context",
            "",
            "list",
            "What a name means to FROM and --from (NAME=FOLDER|docker-image://IMAGE|URL)")
        .value(
            "cache-from",
            "",
            "list",
            "Take results from elsewhere (IMAGE, type=registry,ref=IMAGE or type=local,src=FOLDER;"
                + " with mounts=true cache mounts too)")
        .value(
            "cache-to",
            "",
            "list",
            "Take results elsewhere (type=inline, type=registry,ref=IMAGE or type=local,dest=FOLDER;"
                + " with mounts=true cache mounts too)")
        .toggle("check", "", "Look at the Dockerfile alone, and say what is probably not meant")
        .toggle("explain", "", "Say for each step why it was, or was not, built anew")
        .value(
            "file",
            "f",
            "string",
            "Name of the Dockerfile (Default is PATH/Dockerfile; - is STDIN)")
        .value("iidfile", "", "string", "Write the image ID to the file")
        .value("label", "", "list", "Set metadata for an image")
        .toggle("load", "", "Keep the image in the engine, which it always does")
        .value("metadata-file", "", "string", "Write what was built to a file, as JSON")
        .value("network", "", "string", "Set the networking mode for the RUN instructions")
        .toggle("no-cache", "", "Do not use cache when building the image")
        .value(
            "output",
            "o",
            "list",
            "Where the result goes (FOLDER, -, or type=local|tar|oci|docker|image[,dest=PATH])")
        .value("platform", "", "string", "Set platform of the image")
        .value("progress", "", "string", "How to tell of it: auto, plain, tty, quiet or rawjson")
        .toggle("pull", "", "Always attempt to pull a newer version of the images")
        .toggle("push", "", "Send the image to the registry that its name tells")
        .toggle("quiet", "q", "Print the image ID on success, and nothing else")
        .value(
            "secret",
            "",
            "list",
            "A secret for RUN --mount=type=secret (id=NAME[,src=FILE|env=VARIABLE])")
        .toggle("squash", "", "Make one layer of all that was built on the base image")
        .value(
            "ssh", "", "list", "An agent's socket for RUN --mount=type=ssh (default|NAME[=SOCKET])")
        .value("tag", "t", "list", "Name and optionally a tag (name:tag)")
        .value("target", "", "string", "The stage to build")
        .value("timeline", "", "string", "Draw when each step ran to a file, as SVG")
        .value("verify", "", "string", "Build again, and say whether that gives this very image");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    String progress = given.is("quiet") ? "quiet" : given.text("progress", "auto");
    if (!PROGRESS.contains(progress)) {
      throw Given.invalid("progress", progress, "want " + String.join(", ", PROGRESS));
    }
    String verified = given.text("verify");
    BuildComparison comparison = verified == null ? null : BuildComparison.with(call, verified);
    List<BuildOutput> outputs = BuildOutput.of(given);
    List<String> tags = new ArrayList<>(given.all("tag"));
    for (BuildOutput output : outputs) {
      if (output.name() != null) {
        tags.addAll(List.of(output.name().split(",", -1)));
      }
    }
    // An image that only passes by has a name only until it has passed.
    boolean passing =
        tags.isEmpty()
            && !outputs.isEmpty()
            && outputs.stream().noneMatch(BuildOutput::isImage)
            && !given.has("iidfile");
    String passingName = passing ? "djong-build-output:" + UUID.randomUUID() : "";
    try (BuildCaches caches = BuildCaches.prepare(call)) {
      Outcome outcome = new Outcome();
      List<String> names = passing ? List.of(passingName) : tags;
      int code = build(call, progress, names, caches, comparison, outcome);
      String image = outcome.image;
      if (code != 0 || given.is("check")) {
        return code;
      }
      if (image == null) {
        throw new ApiError(500, "the engine ended the build without a word");
      }
      try {
        caches.deliver();
        for (BuildOutput output : outputs) {
          output.deliver(call, image, tags);
        }
      } finally {
        if (passing) {
          call.engine().removeImage(passingName, false, false);
        }
      }
      finish(call, progress, outputs, image, tags, outcome.steps);
      return comparison == null ? 0 : comparison.tell(call, image);
    }
  }

  private static int build(
      Call call,
      String progress,
      List<String> names,
      BuildCaches caches,
      @Nullable BuildComparison comparison,
      Outcome outcome)
      throws IOException, InterruptedException {
    Given given = call.given();
    List<Path> folders = new ArrayList<>();
    Map<String, String> contexts = BuildOptions.contexts(given.all("build-context"), folders);
    String source = given.argument(0);
    String auth = RegistryLogins.ofUser().allHeader();
    try (SentContext context = SentContext.open(call, source, given.text("file"), folders);
        InputStream tar = context.tar();
        JsonLines<BuildMessage> answers =
            call.engine()
                .build(
                    parameters(given, context, names, caches, comparison),
                    extras(given, context, contexts, caches),
                    auth,
                    tar);
        BuildDisplay display = BuildDisplay.of(progress, call.console())) {
      for (BuildMessage message; (message = answers.next()) != null; ) {
        outcome.take(call, message, progress, display);
      }
    }
    ErrorDetail failed = outcome.failed;
    if (failed == null) {
      return 0;
    }
    call.console().say(failed.message());
    Integer code = failed.code();
    return code == null || code == 0 ? 1 : code;
  }

  /// What the engine said so far.
  private static final class Outcome {
    private @Nullable String image;
    private @Nullable ErrorDetail failed;
    private List<BuildStep> steps = List.of();

    void take(Call call, BuildMessage message, String progress, BuildDisplay display) {
      if (progress.equals("rawjson")) {
        call.console().print(Json.lean().writeText(message));
        call.console().flush();
      }
      Map<String, String> aux = message.aux();
      BuildEvent event = message.event();
      List<BuildStep> reported = message.steps();
      if (message.error() != null) {
        failed = message.errorDetail();
      } else if (aux != null && aux.containsKey("ID")) {
        image = aux.get("ID");
      } else if (reported != null) {
        steps = reported;
      } else if (event != null) {
        display.take(event);
      } else if (message.stream() != null && !progress.equals("rawjson")) {
        call.console().out().print(message.stream());
        call.console().flush();
      }
    }
  }

  private static void finish(
      Call call,
      String progress,
      List<BuildOutput> outputs,
      String image,
      List<String> tags,
      List<BuildStep> steps)
      throws IOException {
    Given given = call.given();
    boolean streamed = outputs.stream().anyMatch(BuildOutput::isStream);
    if (progress.equals("quiet") && !streamed) {
      call.console().print(image);
    } else if (!progress.equals("quiet") && !progress.equals("rawjson")) {
      call.console().say("Built " + image);
      tags.forEach(tag -> call.console().say("Tagged " + tag));
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
      if (!tags.isEmpty()) {
        about.put("image.name", String.join(",", tags));
      }
      Files.writeString(Path.of(metadata), Json.full().writeText(about) + "\n");
    }
  }

  private static Target parameters(
      Given given,
      SentContext context,
      List<String> names,
      BuildCaches caches,
      @Nullable BuildComparison comparison) {
    List<String> hosts = given.all("add-host");
    List<String> from = caches.from();
    String source = given.argument(0);
    Map<String, String> arguments = BuildOptions.pairs(given.all("build-arg"), true);
    if (comparison != null) {
      arguments.putIfAbsent("SOURCE_DATE_EPOCH", comparison.epoch());
    }
    return Target.of("build")
        .with("remote", SentContext.isRemote(source) ? source : null)
        .with("dockerfile", context.dockerfile())
        .withAll("t", names)
        .with("target", given.text("target"))
        .with("nocache", given.is("no-cache") || comparison != null)
        .with("pull", given.is("pull"))
        .with("squash", given.is("squash"))
        .with("platform", given.text("platform"))
        .with("networkmode", given.text("network"))
        .with("extrahosts", hosts.isEmpty() ? null : String.join(",", hosts))
        .with("cachefrom", from.isEmpty() ? null : Json.full().writeText(from))
        .with("buildargs", BuildOptions.json(arguments))
        .with("labels", BuildOptions.json(BuildOptions.pairs(given.all("label"), false)));
  }

  private static BuildExtras extras(
      Given given, SentContext context, Map<String, String> contexts, BuildCaches caches)
      throws IOException {
    byte[] dockerfile = context.dockerfileText();
    return new BuildExtras(
        dockerfile == null ? null : Base64.getEncoder().encodeToString(dockerfile),
        BuildOptions.secrets(given.all("secret")),
        BuildOptions.sockets(given.all("ssh")),
        given.is("explain") || given.has("timeline"),
        given.is("check"),
        true,
        contexts,
        caches.inline(),
        caches.to(),
        caches.mountsFrom(),
        caches.mountsTo(),
        context.lease());
  }
}
