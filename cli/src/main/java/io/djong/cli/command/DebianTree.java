package io.djong.cli.command;

import io.djong.cli.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A minimal Debian, by mmdebstrap.
final class DebianTree {
  /// Seconds since 1970 of every file: the same packages give the same image.
  private static final String EPOCH = "1735689600";

  private static final long ENOUGH_KILOBYTES = 2L << 20;

  private DebianTree() {}

  /// Starts to write the tree as a tar. What mmdebstrap has to say goes to standard error.
  ///
  /// @param mirror null for those that this machine uses, or Debian's own if it is no Debian
  static Program start(String suite, @Nullable String mirror) throws IOException {
    List<String> words = new ArrayList<>();
    // When it fails or is ended, mmdebstrap kills its whole process group: that must not be ours.
    words.add("setsid");
    if (memoryWillDo()) {
      // It writes ten thousand small files that nobody keeps: three times as fast in memory.
      Collections.addAll(words, "unshare", "--mount", "sh", "-c");
      // The folder we are called in may lie below /tmp, which is hidden from here on.
      words.add("cd / && mount -t tmpfs -o mode=1777 djong-bootstrap /tmp && exec \"$@\"");
      words.add("-");
    }
    Collections.addAll(words, "env", "TMPDIR=/tmp", "SOURCE_DATE_EPOCH=" + EPOCH);
    Collections.addAll(words, "mmdebstrap", "--quiet");
    Collections.addAll(words, "--variant=minbase", "--format=tar");
    words.add("--aptopt=Acquire::Languages \"none\"");
    // What no container reads: a fifth of the image.
    words.add("--dpkgopt=path-exclude=/usr/share/man/*");
    words.add("--dpkgopt=path-exclude=/usr/share/locale/*");
    words.add("--dpkgopt=path-exclude=/usr/share/doc/*");
    words.add("--dpkgopt=path-include=/usr/share/doc/*/copyright");
    // As Debian's own images do: nothing is lost that a power cut would not take with the
    // container.
    words.add("--dpkgopt=force-unsafe-io");
    Collections.addAll(words, suite, "-");
    if (mirror != null) {
      words.add(mirror);
    }
    return Program.reading(words);
  }

  /// Whether we may mount, and the machine has four times what a minimal Debian takes.
  private static boolean memoryWillDo() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return false;
    }
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        String kilobytes = line.substring(line.indexOf(':') + 1, line.indexOf("kB")).strip();
        return Long.parseLong(kilobytes) > ENOUGH_KILOBYTES;
      }
    }
    return false;
  }
}
