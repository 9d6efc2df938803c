package io.djong.daemon.place;

import io.djong.model.Fault;
import io.djong.model.Reference;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where an image is, as skopeo and podman spell it (containers-transports(5)).
sealed interface Place {
  /// `docker://NAME`: on a registry.
  record Registry(Reference name) implements Place {
    @Override
    public String toString() {
      return "docker://" + name;
    }
  }

  /// `oci:FOLDER[:NAME]`: an OCI image layout.
  record Layout(Path folder, @Nullable String name) implements Place {
    @Override
    public String toString() {
      return "oci:" + folder + (name == null ? "" : ":" + name);
    }
  }

  /// `docker-archive:FILE[:NAME]` and `oci-archive:FILE[:NAME]`: one file, which is read whatever
  /// of both it is, and written as both in one.
  record Archive(String transport, Path file, @Nullable String name) implements Place {
    @Override
    public String toString() {
      return transport + ":" + file + (name == null ? "" : ":" + name);
    }
  }

  /// `djong:NAME`: in the engine's store.
  record Engine(String name) implements Place {
    @Override
    public String toString() {
      return "djong:" + name;
    }
  }

  /// @throws Fault.Invalid if the text is none
  static Place parse(String text) {
    int colon = text.indexOf(':');
    String transport = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    return switch (transport) {
      case "docker" -> {
        if (!rest.startsWith("//")) {
          throw new Fault.Invalid("invalid place \"" + text + "\": want docker://NAME");
        }
        yield new Registry(Reference.parse(rest.substring(2)));
      }
      case "oci" -> new Layout(Path.of(before(rest)), after(rest));
      case "docker-archive", "oci-archive" ->
          new Archive(transport, Path.of(before(rest)), after(rest));
      case "djong", "docker-daemon" -> new Engine(rest);
      default ->
          throw new Fault.Invalid(
              "invalid place \""
                  + text
                  + "\": want docker://NAME, oci:FOLDER[:NAME], docker-archive:FILE[:NAME],"
                  + " oci-archive:FILE[:NAME] or djong:NAME");
    };
  }

  private static String before(String rest) {
    int colon = rest.indexOf(':');
    String path = colon < 0 ? rest : rest.substring(0, colon);
    if (path.isEmpty()) {
      throw new Fault.Invalid("invalid place: a path is missing before \"" + rest + "\"");
    }
    return path;
  }

  private static @Nullable String after(String rest) {
    int colon = rest.indexOf(':');
    return colon < 0 || colon == rest.length() - 1 ? null : rest.substring(colon + 1);
  }
}
