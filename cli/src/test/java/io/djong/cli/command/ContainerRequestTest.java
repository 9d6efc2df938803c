package io.djong.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.api.ContainerCreate;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.flag.UsageException;
import io.djong.model.container.HostConfig;
import io.djong.model.container.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerRequestTest {
  @TempDir Path folder;

  private static ContainerCreate request(String... words) throws IOException {
    Flags flags = new Flags();
    new RunCommand().declare(flags);
    Given given = flags.parse(List.of(words), true);
    return ContainerCreate.read(
        ContainerRequest.of(given, RunCommand.streams(given, given.is("detach"))));
  }

  private static HostConfig host(String... words) throws IOException {
    return Objects.requireNonNull(request(words).hostConfig());
  }

  @Test
  void theCommandIsEverythingBehindTheImage() throws IOException {
    ContainerCreate request =
        request("--rm", "-it", "-w", "/w", "busybox", "sh", "-c", "echo --rm");

    assertThat(request.config().image()).isEqualTo("busybox");
    assertThat(request.config().cmd()).containsExactly("sh", "-c", "echo --rm");
    assertThat(request.config().tty()).isTrue();
    assertThat(request.config().openStdin()).isTrue();
    assertThat(request.config().stdinOnce()).isTrue();
    assertThat(request.config().workingDir()).isEqualTo("/w");
    assertThat(host("--rm", "busybox").autoRemove()).isTrue();
  }

  @Test
  void whatWasNotSaidIsNotSent() throws IOException {
    ContainerCreate request = request("busybox");

    assertThat(request.config().cmd()).isNull();
    assertThat(request.config().entrypoint()).isNull();
    assertThat(host("busybox").networkMode()).isEqualTo("default");
    assertThat(host("busybox").init()).isNull();
  }

  @Test
  void anEmptyEntrypointTakesTheImagesAway() throws IOException {
    assertThat(request("--entrypoint", "", "busybox").config().entrypoint()).containsExactly("");
  }

  @Test
  void variablesComeFromFlagsFilesAndOurOwnEnvironment() throws IOException {
    Path file = folder.resolve("env");
    Files.writeString(file, "# a comment\n\nA=from file\nPATH\nUNSET_IN_TEST\n");

    List<String> env =
        request(
                "--env-file",
                file.toString(),
                "-e",
                "B=c",
                "-e",
                "PATH",
                "-e",
                "UNSET_IN_TEST",
                "x")
            .config()
            .env();

    String path = "PATH=" + System.getenv("PATH");
    assertThat(env).containsExactly("A=from file", path, "B=c", path, "UNSET_IN_TEST");
  }

  @Test
  void volumesGoWhereTheApiWantsThem() throws IOException {
    ContainerCreate request =
        request(
            "-v",
            "/a:/b:ro",
            "-v",
            "name:/n",
            "-v",
            "/anonymous",
            "-v",
            "./x:/y",
            "--tmpfs",
            "/t:size=1m",
            "--mount",
            "type=bind,src=/s,dst=/d,readonly,bind-propagation=rslave",
            "x");

    HostConfig host = Objects.requireNonNull(request.hostConfig());
    assertThat(host.binds())
        .containsExactly("/a:/b:ro", "name:/n", Path.of("x").toAbsolutePath() + ":/y");
    assertThat(request.config().volumes()).containsOnlyKeys("/anonymous");
    assertThat(host.tmpfs()).isEqualTo(Map.of("/t", "size=1m"));
    List<MountPoint> mounts = Objects.requireNonNull(host.mounts());
    assertThat(mounts).hasSize(1);
    assertThat(mounts.get(0).type()).isEqualTo("bind");
    assertThat(mounts.get(0).source()).isEqualTo("/s");
    assertThat(mounts.get(0).target()).isEqualTo("/d");
    assertThat(mounts.get(0).readOnly()).isTrue();
  }

  @Test
  void portsArePublishedWithAddressesAndRanges() throws IOException {
    HostConfig host =
        host(
            "-p",
            "8080:80",
            "-p",
            "127.0.0.1:53:53/udp",
            "-p",
            "[::1]:9000-9001:90-91",
            "-p",
            "70",
            "x");

    assertThat(host.portBindings())
        .isEqualTo(
            Map.of(
                "80/tcp", List.of(new HostConfig.PortBinding("", "8080")),
                "53/udp", List.of(new HostConfig.PortBinding("127.0.0.1", "53")),
                "90/tcp", List.of(new HostConfig.PortBinding("::1", "9000")),
                "91/tcp", List.of(new HostConfig.PortBinding("::1", "9001")),
                "70/tcp", List.of(new HostConfig.PortBinding("", ""))));
  }

  @Test
  void limitsAreNumbers() throws IOException {
    HostConfig host =
        host(
            "-m",
            "64m",
            "--cpus",
            "1.5",
            "--pids-limit",
            "50",
            "--ulimit",
            "nofile=10:20",
            "--shm-size=1g",
            "x");

    assertThat(host.memory()).isEqualTo(64 << 20);
    assertThat(host.nanoCpus()).isEqualTo(1_500_000_000L);
    assertThat(host.pidsLimit()).isEqualTo(50);
    assertThat(host.shmSize()).isEqualTo(1 << 30);
    assertThat(host.ulimits()).containsExactly(new HostConfig.Ulimit("nofile", 10, 20));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--publish=a:b", "--publish=1:2:3:4", "--publish=80-90:1-2", "--publish=99999",
            "--cpus=many",
        "--cpus=1.0000000001", "--memory=lots", "--ulimit=nofile", "--mount=type=bind",
            "--mount=bogus=1,dst=/x",
        "--restart=on-failure:x", "--attach=elsewhere", "--env==x"
      })
  void valuesThatCannotBeAreRefused(String flag) {
    assertThatThrownBy(() -> request(flag, "x")).isInstanceOf(UsageException.class);
  }
}
