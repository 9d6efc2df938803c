package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.JsonLines;
import io.djong.api.RegistryLogins;
import io.djong.api.StreamMessage;
import io.djong.cli.Call;
import io.djong.cli.flag.Given;
import io.djong.cli.program.Program;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Brings results of builds from elsewhere before a build, and takes them elsewhere after it: as
/// images, from and to registries and folders. For one build; closing gives back the names that
/// only it needed.
final class BuildCaches implements AutoCloseable {
  private static final String WANT =
      "want type=registry,ref=NAME, type=local with src or dest=FOLDER, type=inline, or NAME;"
          + " mounts=true with the first two";

  private final Call call;
  private final List<String> from = new ArrayList<>();
  private final List<String> mountsFrom = new ArrayList<>();
  private final List<String> mountsTo = new ArrayList<>();
  private boolean inline;

  /// Names of images that are made for the way alone, and where they go: a folder, or null for
  /// where the name says.
  private final Map<String, @Nullable Path> to = new LinkedHashMap<>();

  private final List<BorrowedName> passing = new ArrayList<>();

  private BuildCaches(Call call) {
    this.call = call;
  }

  static BuildCaches prepare(Call call) throws IOException, InterruptedException {
    BuildCaches caches = new BuildCaches(call);
    Given given = call.given();
    for (String word : given.all("cache-to")) {
      caches.takeTo(word);
    }
    for (String word : given.all("cache-from")) {
      caches.takeFrom(word);
    }
    return caches;
  }

  private static Map<String, String> fields(String flag, String word) {
    return word.indexOf('=') < 0
        ? Map.of("type", "registry", "ref", word)
        : BuildOutput.fields(flag, word, WANT);
  }

  private void takeTo(String word) throws IOException {
    Map<String, String> fields = fields("cache-to", word);
    String ref = fields.get("ref");
    String dest = fields.get("dest");
    String type = fields.getOrDefault("type", "registry");
    boolean mounts = mounts("cache-to", word, fields);
    String name;
    if (type.equals("inline") && !mounts) {
      inline = true;
      return;
    } else if (type.equals("registry") && ref != null) {
      checkIsNoResult(ref);
      name = ref;
      to.put(name, null);
    } else if (type.equals("local") && dest != null) {
      name = "djong-build-cache:" + UUID.randomUUID();
      to.put(name, Path.of(dest));
    } else {
      throw Given.invalid("cache-to", word, WANT);
    }
    passing.add(BorrowedName.of(call, name));
    if (mounts) {
      mountsTo.add(name);
    }
  }

  private static boolean mounts(String flag, String word, Map<String, String> fields) {
    return switch (fields.getOrDefault("mounts", "false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Given.invalid(flag, word, WANT);
    };
  }

  /// The cache would take the place of the image itself.
  private void checkIsNoResult(String ref) {
    Reference cache = Reference.parse(ref);
    for (String tag : call.given().all("tag")) {
      if (Reference.parse(tag).equals(cache)) {
        throw Given.invalid(
            "cache-to", ref, "want another name than that of the result, or type=inline");
      }
    }
  }

  private void takeFrom(String word) throws IOException, InterruptedException {
    Map<String, String> fields = fields("cache-from", word);
    String ref = fields.get("ref");
    String src = fields.get("src");
    String type = fields.getOrDefault("type", "registry");
    String name;
    if (type.equals("registry") && ref != null) {
      pull(ref);
      name = ref;
    } else if (type.equals("local") && src != null) {
      name = load(Path.of(src));
    } else {
      throw Given.invalid("cache-from", word, WANT);
    }
    if (name != null) {
      from.add(name);
      if (mounts("cache-from", word, fields)) {
        mountsFrom.add(name);
      }
    }
  }

  /// The newest there is. What cannot be had is no reason not to build.
  private void pull(String ref) throws IOException, InterruptedException {
    if (!(Reference.parse(ref) instanceof Reference.Tag name)) {
      return; // A digest has no newer one: the engine fetches what it has not got.
    }
    BorrowedName borrowed = BorrowedName.of(call, ref);
    if (borrowed.former() != null) {
      passing.add(borrowed);
    }
    String auth = RegistryLogins.ofUser().header(name.repository().host());
    try (JsonLines<StreamMessage> answers =
        call.engine().pull(name.repository().familiar(), name.tag(), null, auth)) {
      await(answers);
    } catch (ApiError e) {
      if (borrowed.former() == null) {
        call.console().say("cache from " + ref + ": " + e.getMessage());
      }
    }
  }

  /// @return what it is called here; null if there is none
  private @Nullable String load(Path folder) throws IOException {
    Path list = folder.resolve("manifest.json");
    if (!Files.exists(list)) {
      call.console().say("cache from " + folder + ": there is none");
      return null;
    }
    String name = name(Files.readAllBytes(list));
    if (name == null) {
      throw new IOException("cache from " + folder + ": its manifest.json names no image");
    }
    passing.add(BorrowedName.of(call, name));
    try (Program tar =
            Program.reading(List.of("tar", "-c", "-f", "-", "-C", folder.toString(), "."));
        JsonLines<StreamMessage> answers = call.engine().load(tar.output(), true)) {
      await(answers);
    }
    return name;
  }

  private static void await(JsonLines<StreamMessage> answers) throws IOException {
    for (StreamMessage message; (message = answers.next()) != null; ) {
      if (message.error() != null) {
        throw new ApiError(500, message.error());
      }
    }
  }

  private static @Nullable String name(byte[] manifest) {
    if (Json.lean().readTree(manifest) instanceof List<?> images
        && !images.isEmpty()
        && images.getFirst() instanceof Map<?, ?> image
        && image.get("RepoTags") instanceof List<?> tags
        && !tags.isEmpty()) {
      return String.valueOf(tags.getFirst());
    }
    return null;
  }

  List<String> from() {
    return from;
  }

  List<String> mountsFrom() {
    return mountsFrom;
  }

  List<String> mountsTo() {
    return mountsTo;
  }

  boolean inline() {
    return inline;
  }

  List<String> to() {
    return List.copyOf(to.keySet());
  }

  /// Takes what the build left in its images where it shall go.
  void deliver() throws IOException, InterruptedException {
    for (Map.Entry<String, @Nullable Path> each : to.entrySet()) {
      Path folder = each.getValue();
      if (folder == null) {
        BuildOutput.push(call, each.getKey());
      } else {
        save(each.getKey(), folder);
      }
    }
  }

  private void save(String name, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Exchange archive = call.engine().save(List.of(name));
        Program tar = Program.writing(List.of("tar", "-x", "-f", "-", "-C", folder.toString()))) {
      try (OutputStream out = tar.input()) {
        archive.body().transferTo(out);
      }
      tar.end();
    }
  }

  @Override
  public void close() throws IOException {
    for (BorrowedName name : passing) {
      name.giveBack();
    }
  }
}
