package io.djong.cli.command;

import io.djong.api.ContainerCreate;
import io.djong.api.EngineClient;
import io.djong.api.RegistryLogins;
import io.djong.cli.Call;
import io.djong.cli.flag.Given;
import io.djong.cli.program.Program;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the result of a build goes besides the engine's images: a folder, a tar of the files, an
/// archive of the image, a registry.
///
/// @param type `image`, `docker`, `oci`, `local` or `tar`
/// @param dest a path, or `-` for standard output; null where none is needed
record BuildOutput(String type, @Nullable String dest, @Nullable String name, boolean push) {
  private static final String WANT =
      "want type=local|tar|oci|docker|image[,dest=PATH][,name=NAME][,push=true], a folder, or -";

  static List<BuildOutput> of(Given given) {
    List<BuildOutput> all = new ArrayList<>();
    for (String word : given.all("output")) {
      all.add(parse(word));
    }
    if (given.is("push")) {
      all.add(new BuildOutput("image", null, null, true));
    }
    return all;
  }

  private static BuildOutput parse(String word) {
    if (word.equals("-")) {
      return new BuildOutput("tar", "-", null, false);
    }
    if (word.indexOf('=') < 0) {
      return new BuildOutput("local", word, null, false);
    }
    Map<String, String> fields = fields("output", word, WANT);
    String type = fields.getOrDefault("type", "");
    String dest = fields.get("dest");
    boolean files = type.equals("local") || type.equals("tar") || type.equals("oci");
    if (!files && !type.equals("image") && !type.equals("docker")) {
      throw Given.invalid("output", word, WANT);
    }
    if (type.equals("local") && (dest == null || dest.equals("-"))) {
      throw Given.invalid("output", word, "type=local needs dest=FOLDER");
    }
    return new BuildOutput(
        type,
        dest == null && files ? "-" : dest,
        fields.get("name"),
        "true".equals(fields.get("push")));
  }

  /// The fields of a word such as `type=tar,dest=x`.
  static Map<String, String> fields(String flag, String word, String want) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : word.split(",", -1)) {
      int equals = field.indexOf('=');
      if (equals < 0) {
        throw Given.invalid(flag, word, want);
      }
      fields.put(field.substring(0, equals), field.substring(equals + 1));
    }
    return fields;
  }

  /// Whether the engine shall keep the image.
  boolean isImage() {
    return dest == null;
  }

  /// Whether it goes to standard output, where nothing else may go then.
  boolean isStream() {
    return "-".equals(dest);
  }

  /// Brings the image where it shall go.
  ///
  /// @param tags what it is called
  void deliver(Call call, String image, List<String> tags)
      throws IOException, InterruptedException {
    switch (type) {
      case "local" ->
          files(call.engine(), image, tar -> unpack(tar, Path.of(String.valueOf(dest))));
      case "tar" -> files(call.engine(), image, tar -> write(call, tar));
      default -> {
        if (dest == null) {
          if (push) {
            push(call, tags);
          }
          return;
        }
        List<String> names = tags.isEmpty() ? List.of(image) : tags;
        try (Exchange archive = call.engine().save(names)) {
          write(call, archive.body());
        }
      }
    }
  }

  private static void push(Call call, List<String> tags) throws IOException, InterruptedException {
    if (tags.isEmpty()) {
      throw new IOException("nothing to push: give the image a name by --tag");
    }
    for (String tag : tags) {
      push(call, tag);
    }
  }

  /// Sends an image to the registry that its name tells.
  static void push(Call call, String name) throws IOException, InterruptedException {
    if (!(Reference.parse(name) instanceof Reference.Tag tag)) {
      throw new IOException("cannot push a digest reference: " + name);
    }
    String auth = RegistryLogins.ofUser().header(tag.repository().host());
    try (ProgressLine progress = new ProgressLine(call.console(), true);
        var answers = call.engine().push(tag.repository().familiar(), tag.tag(), auth)) {
      progress.show(answers);
    }
  }

  private interface Taking {
    void take(InputStream tar) throws IOException;
  }

  /// The files of an image: those of a container of it that never ran.
  private static void files(EngineClient engine, String image, Taking taking) throws IOException {
    byte[] wanted = Json.lean().write(Map.of("Image", image, "Cmd", List.of("/nothing")));
    String id = engine.create(null, ContainerCreate.read(wanted), null).id();
    try (Exchange tree = engine.export(id)) {
      taking.take(tree.body());
    } finally {
      engine.remove(id, true, true);
    }
  }

  private static void unpack(InputStream tar, Path folder) throws IOException {
    Files.createDirectories(folder);
    boolean root = "root".equals(System.getProperty("user.name"));
    try (Program program =
        Program.writing(
            List.of(
                "tar",
                "-x",
                "-f",
                "-",
                "-C",
                folder.toString(),
                root ? "--same-owner" : "--no-same-owner",
                "--numeric-owner"))) {
      try (OutputStream out = program.input()) {
        tar.transferTo(out);
      }
      program.end();
    }
  }

  private void write(Call call, InputStream bytes) throws IOException {
    if (isStream()) {
      bytes.transferTo(call.console().out());
      if (call.console().out().checkError()) {
        throw new IOException("writing to standard output failed");
      }
      return;
    }
    Archives.writeFile(Path.of(String.valueOf(dest)), bytes);
  }
}
