package io.djong.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.http.Listen;
import io.djong.model.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir private Path folder;

  @Test
  void withoutWishesTheUsualPlacesAreTaken() throws IOException {
    assertThat(SettingsReader.read(List.of())).isEqualTo(Settings.DEFAULT);
    assertThat(Settings.DEFAULT.listens())
        .containsExactly(new Listen.Unix(Path.of("/run/djong.sock"), 0660));
  }

  @Test
  void containersAreMappedIfFlagOrFileSaySo() throws IOException {
    Path file = folder.resolve("djong.json");
    Files.writeString(file, "{\"userns-remap\":\"default\"}");

    assertThat(SettingsReader.read(List.of()).remap()).isNull();
    assertThat(SettingsReader.read(List.of("--userns-remap", "")).remap()).isNull();
    assertThat(SettingsReader.read(List.of("--config", file.toString())).remap())
        .isEqualTo("default");
    assertThat(
            SettingsReader.read(List.of("--config", file.toString(), "--userns-remap=a:b")).remap())
        .isEqualTo("a:b");
  }

  @Test
  void flagsHaveTheLastWordOverTheFile() throws IOException {
    Path file = folder.resolve("djong.json");
    Files.writeString(
        file,
        "{\"data-root\":\"/d\",\"exec-root\":\"/e\",\"hosts\":[\"unix:///a\"],\"log-level\":\"debug\",\"runtime\":\"crun\"}");

    Settings settings =
        SettingsReader.read(
            List.of("--config", file.toString(), "--data-root=/x", "-H", "unix:///b"));

    assertThat(settings.dataRoot()).isEqualTo(Path.of("/x"));
    assertThat(settings.execRoot()).isEqualTo(Path.of("/e"));
    assertThat(settings.hosts()).containsExactly("unix:///b");
    assertThat(settings.logLevel()).isEqualTo(Level.DEBUG);
    assertThat(settings.runtime()).isEqualTo("crun");
  }

  @Test
  void whatIsUnknownOrMakesNoSenseIsRefused() throws IOException {
    Path file = folder.resolve("djong.json");
    Files.writeString(file, "{\"data-rot\":\"/d\"}");

    assertThatThrownBy(() -> SettingsReader.read(List.of("--config", file.toString())))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("data-rot");
    for (List<String> arguments :
        List.of(
            List.of("--data-rot", "/d"),
            List.of("--data-rot"),
            List.of("daemon"),
            List.of("--data-root"),
            List.of("--data-root", "relative"),
            List.of("--log-level", "loud"))) {
      assertThatThrownBy(() -> SettingsReader.read(arguments)).isInstanceOf(Fault.Invalid.class);
    }
  }

  @Test
  void anUnknownFlagEndsWith125AndASentence() throws Exception {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, UTF_8);

    int status =
        Main.run(
            List.of("--data-rot", "/d"),
            stream,
            stream,
            _ -> {
              throw new IllegalStateException("not to be opened");
            });

    assertThat(status).isEqualTo(125);
    assertThat(err.toString(UTF_8)).contains("unknown flag: --data-rot", "djong daemon --help");
  }

  @Test
  void tcpIsRefusedWithoutTheWordsThatSayOneKnows() throws IOException {
    Settings plain = SettingsReader.read(List.of("--host", "tcp://127.0.0.1:2375"));
    assertThatThrownBy(plain::listens)
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining("TLS");
    Settings known =
        SettingsReader.read(List.of("--host", "tcp://127.0.0.1:2375", "--insecure-tcp-i-know"));
    assertThat(known.listens()).singleElement().isInstanceOf(Listen.Tcp.class);
    for (String host : List.of("tcp://localhost:2375", "tcp://127.0.0.1", "http://x", "unix://x")) {
      assertThatThrownBy(
              () -> SettingsReader.read(List.of("--host", host, "--insecure-tcp-i-know")).listens())
          .isInstanceOf(Fault.Invalid.class);
    }
  }

  @Test
  void aSecondDaemonIsToldWhoHoldsTheFolder() throws IOException {
    Path root = folder.resolve("root");
    try (FolderLock lock = FolderLock.take(root, "--data-root")) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> FolderLock.take(root, "--data-root"))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid())
          .hasMessageContaining("--data-root");
    }
    FolderLock.take(root, "--data-root").close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx--x---");
  }

  @Test
  void noNameCanForgeALineOfTheLog() {
    LogRecord event = new LogRecord(java.util.logging.Level.INFO, "made a\nINFO b\u001b[31m");
    event.setLoggerName("io.djong.engine");
    event.setThrown(new IOException("cause\r\nx"));

    String text = Log.text(event);

    assertThat(text.lines()).hasSize(1);
    assertThat(text)
        .contains("INFO  engine: made a\\u000aINFO b\\u001b[31m")
        .contains("java.io.IOException: cause\\u000d\\u000ax")
        .endsWith("\n");
  }
}
