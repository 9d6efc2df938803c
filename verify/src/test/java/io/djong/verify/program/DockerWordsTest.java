package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Status and words of requests that make no sense, as dockerd 28 gives them.
@ExtendWith(SharedDaemon.class)
class DockerWordsTest {
  private final LiveDaemon daemon;

  DockerWordsTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"Image\":\"UPPER\"|must be lowercase",
        "\"Image\":\"a b\"|invalid reference format",
        "\"HostConfig\":{\"CpusetCpus\":\"1-0\"}|Invalid value 1-0 for cpuset cpus: invalid format: 1-0",
        "\"HostConfig\":{\"BlkioWeight\":-1}|Range of blkio weight is from 10 to 1000",
        "\"HostConfig\":{\"NetworkMode\":\"container:\"}|invalid container format container:<name|id>",
        "\"HostConfig\":{\"Binds\":[\"/tmp:/x:ro,rw\"]}|invalid mode: ro,rw",
        "\"HostConfig\":{\"Tmpfs\":{\"/\":\"\"}}|invalid specification: destination can't be '/'",
        "\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/no/such\",\"Target\":\"/x\"}]}|bind source path does not exist: /no/such",
        "\"HostConfig\":{\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/x\",\"TmpfsOptions\":{}}]}|TmpfsOptions must not be specified on mount type \"volume\"",
        "\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/tmp\",\"Target\":\"/x\",\"BindOptions\":{\"Propagation\":\"foo\"}}]}|invalid propagation mode: foo",
        "\"HostConfig\":{\"SecurityOpt\":[\"systempaths=foo\"]}|invalid --security-opt 2: \"systempaths=foo\"",
        "\"HostConfig\":{\"ExtraHosts\":[\"a:999.1.1.1\"]}|invalid IP address in add-host: \"999.1.1.1\"",
        "\"HostConfig\":{\"Links\":[\"nosuch:x\"]}|could not get container for nosuch: No such container: nosuch",
        "\"HostConfig\":{\"VolumesFrom\":[\"nosuch\"]}|No such container: nosuch",
        "\"HostConfig\":{\"LogConfig\":{\"Type\":\"local\",\"Config\":{\"x\":\"y\"}}}|unknown log opt 'x' for log driver local",
      })
  void whatCannotBeMadeIsRefusedWith400(String properties, String words) throws Exception {
    String image = properties.startsWith("\"Image\"") ? "" : "\"Image\":\"busybox\",";
    String answer =
        RawRequest.ask(daemon, "POST", "/containers/create", "{" + image + properties + "}");
    assertThat(answer.replace("\\\"", "\"").replace("\\u003c", "<").replace("\\u003e", ">"))
        .startsWith("400 ")
        .contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/containers/idle/unpause|500|is not paused",
        "POST|/containers/idle/resize|400|invalid resize height",
        "POST|/containers/idle/kill?signal=65|400|cannot kill container: idle: the linux daemon does not support signal 65",
        "POST|/containers/nosuch/kill|404|cannot kill container: nosuch: No such container: nosuch",
        "POST|/containers/idle/rename?name=a%20b|400|Invalid container name (/a b)",
        "POST|/containers/idle/update|200|Warnings",
        "POST|/containers/idle/exec|400|No exec command specified",
        "GET|/containers/idle/archive?path=/no|404|Could not find the file /no in container idle",
        "GET|/containers/json?filters=%7B%22publish%22:%5B%22x%22%5D%7D|400|error while looking up for publish x",
        "GET|/containers/json?filters=%7B%22is-task%22:%5B%22x%22%5D%7D|400|invalid filter 'is-task=[x]'",
        "GET|/events?filters=%7B%22nosuch%22:%5B%22x%22%5D%7D&until=1|400|invalid filter 'nosuch'",
        "GET|/events?since=5&until=1|400|`since` time (5) cannot be after `until` time (1)",
      })
  void verbsAnswerWithStatusAndWords(String method, String path, String status, String words)
      throws Exception {
    daemon.docker("create", "--name", "idle", "busybox", "true").ok();
    assertThat(RawRequest.ask(daemon, method, path, "")).startsWith(status + " ").contains(words);
  }

  /// Other tests share the daemon.
  @AfterEach
  void removeIdle() throws Exception {
    daemon.docker("rm", "-f", "idle");
  }

  @Test
  void aContainerWhoseFilesStayIsDeadUntilTheyGo() throws Exception {
    daemon.docker("run", "--name", "stuck", "busybox", "touch", "/stays").ok();
    String id = daemon.docker("inspect", "-f", "{{.Id}}", "stuck").ok().line();
    immutable('+', find(id));
    try {
      Program.Result refused = daemon.docker("rm", "stuck");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("cannot remove container \"stuck\": unable to remove");
      assertThat(daemon.docker("ps", "-a", "--format", "{{.Names}} {{.Status}}").ok().lines())
          .contains("stuck Dead");
      assertThat(daemon.docker("start", "stuck").err())
          .contains("container is marked for removal and cannot be started");
    } finally {
      immutable('-', find(""));
    }
    daemon.docker("rm", "stuck").ok();
    assertThat(daemon.docker("inspect", "stuck").code()).isEqualTo(1);
    assertThat(daemon.djong("system", "fsck").out()).contains("all is well");
  }

  private static void immutable(char sign, Path file) throws Exception {
    Program.run(List.of("chattr", sign + "i", file.toString()), Map.of(), null).ok();
  }

  private Path find(String part) throws Exception {
    try (Stream<Path> files = Files.walk(daemon.dataRoot())) {
      return files
          .filter(path -> path.endsWith("stays") && path.toString().contains(part))
          .findFirst()
          .orElseThrow();
    }
  }
}
