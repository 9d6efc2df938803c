package io.djong.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.build.dockerfile.Dockerfile;
import io.djong.build.dockerfile.DockerfileText;
import io.djong.build.dockerfile.Expansion;
import io.djong.build.dockerfile.Variables;
import io.djong.model.Fault;
import io.djong.model.ignore.IgnoreRules;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Nothing that people or strangers write does more than be refused. The same runs every time;
/// `-Dfuzz.seed` and `-Dfuzz.runs` make others.
final class FuzzTest {
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final int RUNS = Integer.getInteger("fuzz.runs", 50_000);

  private static final String[] PIECES = {
    "FROM",
    "busybox",
    " AS ",
    "RUN",
    "COPY",
    "ADD",
    "ENV",
    "ARG",
    "LABEL",
    "CMD",
    "[\"a\",",
    "]",
    "\"",
    "'",
    "\\",
    "\n",
    "\\\n",
    " ",
    "\t",
    "#",
    "# escape=`\n",
    "# syntax=",
    "<<",
    "<<-",
    "EOT",
    "\nEOT\n",
    "--mount=",
    "type=cache",
    ",target=/x",
    "--from=",
    "--",
    "=",
    "$",
    "${",
    "}",
    ":-",
    ":+",
    ":?",
    "##",
    "%%",
    "//",
    "a",
    "*",
    "**",
    "**/",
    "?",
    "[",
    "[^",
    "!",
    "/",
    "..",
    "\0",
    "\u00e9",
    "\ufeff",
    "HEALTHCHECK ",
    "--interval=",
    "9999999999999h",
    "ONBUILD ",
    "SHELL ",
    "EXPOSE 1-99999",
    "x".repeat(300),
    "`",
    "\r\n",
    "{",
    "1e999",
  };

  private static String text(Random random) {
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "FROM a\n");
    int pieces = random.nextInt(24);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private interface Reading {
    void read(String text);
  }

  private static void runs(Reading reading) {
    Random random = new Random(SEED);
    for (int run = 0; run < RUNS; run++) {
      String text = text(random);
      try {
        reading.read(text);
      } catch (Fault.Invalid e) {
        // As it should be.
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("run " + run + ": " + text, e);
      }
    }
  }

  @Test
  void anyDockerfileIsReadOrRefused() {
    runs(text -> Dockerfile.parse(DockerfileText.of("Dockerfile", text.getBytes(UTF_8))));
  }

  @Test
  void anyWordIsExpandedOrRefused() {
    Variables values = Variables.of(Map.of("a", "b/c", "x", ""));
    runs(
        text -> {
          Expansion.ofWords('\\', values).words(text);
          Expansion.ofDocuments('`', values).word(text);
        });
  }

  @Test
  void anyIgnoreFileIsReadOrRefused() {
    runs(text -> IgnoreRules.parse(text.getBytes(UTF_8)).ignores("a/b/x\u00e9/" + text.length()));
  }
}
