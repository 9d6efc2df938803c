package io.djong.cli.command;

import io.djong.cli.program.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A minimal Debian, by mmdebstrap.
final class DebianTree {
  /// Seconds since 1970 of every file: the same packages give the same image.
  private static final String EPOCH = "1735689600";

  private DebianTree() {}

  /// Starts to write the tree as a tar. What mmdebstrap has to say goes to standard error.
  ///
  /// @param mirror null for those that this machine uses, or Debian's own if it is no Debian
  static Program start(String suite, @Nullable String mirror) throws IOException {
    List<String> words = new ArrayList<>();
    // When it fails or is ended, mmdebstrap kills its whole process group: that must not be ours.
    Collections.addAll(
        words, "setsid", "env", "SOURCE_DATE_EPOCH=" + EPOCH, "mmdebstrap", "--quiet");
    Collections.addAll(words, "--variant=minbase", "--format=tar");
    words.add("--aptopt=Acquire::Languages \"none\"");
    // What no container reads: a fifth of the image.
    words.add("--dpkgopt=path-exclude=/usr/share/man/*");
    words.add("--dpkgopt=path-exclude=/usr/share/locale/*");
    words.add("--dpkgopt=path-exclude=/usr/share/doc/*");
    words.add("--dpkgopt=path-include=/usr/share/doc/*/copyright");
    Collections.addAll(words, suite, "-");
    if (mirror != null) {
      words.add(mirror);
    }
    return Program.reading(words);
  }
}
