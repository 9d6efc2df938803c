package io.djong.cli.training;

import io.djong.cli.Console;
import io.djong.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs, in one JVM, the commands that must start fast, so that a training run sees what they use.
public final class Rehearsal {
  private Rehearsal() {}

  /// Runs them against the engine that the environment names; exits with 1 if one gives another
  /// code than it should.
  public static void main(String[] args) {
    Console console = Console.ofProcess();
    boolean well =
        gives(console, 0, "version")
            && gives(console, 0, "ps", "-a")
            && gives(console, 0, "ps", "-aq", "--no-trunc", "--filter", "name=one")
            && gives(console, 0, "images")
            && gives(console, 0, "run", "--rm", "-e", "A=b", "-v/a:/b", "busybox", "echo", "hi")
            && gives(console, 0, "run", "-d", "--name=one", "busybox")
            && gives(console, 0, "ps", "--format", "{{.ID}} {{json .Names}}")
            && gives(console, 0, "start", "one")
            && gives(console, 1, "stop", "nothing")
            && gives(console, 0, "build", "-q", context())
            && gives(console, 0, "build", "-t", "one", "--progress=plain", context())
            && gives(console, 0, "help");
    console.flush();
    System.exit(well ? 0 : 1);
  }

  private static String context() {
    try {
      Path folder = Files.createTempDirectory("rehearsal");
      Files.writeString(folder.resolve("Dockerfile"), "FROM busybox\n");
      Files.writeString(folder.resolve(".dockerignore"), "*.log\n");
      return folder.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean gives(Console console, int code, String... words) {
    return Main.run(console, List.of(words)) == code;
  }
}
