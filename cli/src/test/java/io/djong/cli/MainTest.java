package io.djong.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.cli.training.CannedEngine;
import io.djong.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private HttpServer engine;

  @BeforeEach
  void serve() throws IOException {
    engine = CannedEngine.serve(folder.resolve("s"));
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of("-H", "unix://" + folder.resolve("s")));
    all.addAll(List.of(words));
    return Main.run(
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            ""),
        all);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void containersAreListedAsDockerListsThem() {
    assertThat(run("ps", "--filter", "name=one")).isZero();

    assertThat(out()).startsWith("CONTAINER ID   IMAGE     COMMAND        CREATED ");
    assertThat(out()).contains("444444444444   busybox   \"sleep 1000\"");
    assertThat(out()).contains("0.0.0.0:8080->80/tcp   one\n");
  }

  @Test
  void groupsKnowTheSameVerbs() {
    run("ps", "-q");
    String plain = out();
    out.reset();

    assertThat(run("container", "ls", "-q")).isZero();

    assertThat(out()).isEqualTo(plain).isEqualTo("444444444444\n");
  }

  @Test
  void aContainersOutputAndExitCodeAreOurs() {
    assertThat(run("run", "--rm", "busybox", "echo", "hi")).isZero();
    assertThat(out()).isEqualTo("hi\n");
  }

  @Test
  void aContainerInTheBackgroundIsToldByItsId() {
    assertThat(run("run", "-d", "busybox")).isZero();
    assertThat(out()).isEqualTo("4".repeat(64) + "\n");
  }

  @Test
  void whatTheEngineRefusesIsToldInItsWords() {
    assertThat(run("stop", "nothing")).isEqualTo(1);
    assertThat(err()).isEqualTo("Error response from daemon: No such container: nothing\n");
    assertThat(out()).isEmpty();
  }

  @Test
  void otherArgumentsAreTriedAfterOneFailed() {
    assertThat(run("start", "one", "two")).isZero();
    assertThat(out()).isEqualTo("one\ntwo\n");
    assertThat(run("rm", "a", "b")).isEqualTo(1);
    assertThat(err().lines()).hasSize(2);
  }

  @Test
  void flagsThatCannotBeReadGive125() {
    assertThat(run("ps", "--bogus")).isEqualTo(125);
    assertThat(err()).startsWith("unknown flag: --bogus\n").contains("Usage:  djong ps [OPTIONS]");
    assertThat(run("--bogus", "ps")).isEqualTo(125);
  }

  @Test
  void tooFewArgumentsAreTold() {
    assertThat(run("rm")).isEqualTo(1);
    assertThat(err()).contains("'djong rm' requires at least 1 argument");
    assertThat(run("rename", "a")).isEqualTo(1);
    assertThat(err()).contains("requires exactly 2 arguments");
  }

  @Test
  void unknownVerbsAreAnsweredWithTheOneThatWasMeant() {
    assertThat(run("imgaes")).isEqualTo(1);
    assertThat(err()).contains("Did you mean: djong images");
    assertThat(run("container", "strat")).isEqualTo(1);
    assertThat(err()).contains("Did you mean: djong container start");
    err.reset();
    assertThat(run("xyzzy")).isEqualTo(1);
    assertThat(err()).doesNotContain("Did you mean");
  }

  @Test
  void everyVerbHasHelp() {
    for (String verb : Verbs.all()) {
      if (!verb.equals("daemon") && !verb.equals("quickstart")) {
        out.reset();
        assertThat(run(verb, "--help")).as(verb).isZero();
        assertThat(out()).as(verb).startsWith("Usage:  djong " + verb);
      }
    }
    for (String group : Verbs.GROUPS) {
      for (String verb : Verbs.inGroup(group)) {
        out.reset();
        assertThat(run("help", group, verb)).as(verb).isZero();
        assertThat(out()).startsWith("Usage:  djong " + group + " " + verb);
      }
    }
  }

  @Test
  void anEngineThatIsNotThereIsTold() {
    assertThat(run("-H", "unix:///nowhere/s", "ps")).isEqualTo(1);
    assertThat(err()).startsWith("Cannot connect to the djong daemon at unix:///nowhere/s");
  }

  @Test
  void versionsAreTemplatesForScripts() {
    assertThat(run("version", "--format", "{{.Server.APIVersion}} {{.Client.Version}}")).isZero();
    assertThat(out()).isEqualTo("1.51 0.1.0\n");
  }
}
