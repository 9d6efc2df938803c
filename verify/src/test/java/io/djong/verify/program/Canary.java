package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A folder of the host that no container may see or change.
final class Canary {
  /// What must never be read in a container.
  static final String SECRET = "canary-that-nobody-hears";

  private final Path folder;
  private final Map<String, String> before;

  Canary(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("inside"));
    Files.writeString(folder.resolve("secret"), SECRET);
    Files.writeString(folder.resolve("inside/secret"), SECRET);
    before = state();
  }

  Path folder() {
    return folder;
  }

  /// Where a link leads that takes the container's root for the host's, whatever it stands in.
  String fromAnywhere() {
    return "/../../../../../../../.." + folder;
  }

  void isUntouched() throws IOException {
    assertThat(state()).isEqualTo(before);
  }

  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String content = Files.isRegularFile(file) ? Files.readString(file) : "";
        state.put(
            file.toString(),
            Files.readAttributes(
                    file, "unix:mode,uid,gid,lastModifiedTime,nlink", LinkOption.NOFOLLOW_LINKS)
                + content);
      }
    }
    return state;
  }
}
