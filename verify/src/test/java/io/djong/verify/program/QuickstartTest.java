package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first command of the README.
class QuickstartTest {
  @TempDir Path folder = Path.of("");

  @Test
  void anImageBecomesAContainerInOneCommandAndNothingIsLeftRunning() throws Exception {
    String root = folder.resolve("quickstart").toString();
    Program.Result result =
        Program.run(
                List.of(
                    LiveDaemon.REPOSITORY.resolve("djong").toString(),
                    "quickstart",
                    "--data-root",
                    root),
                Map.of(),
                null)
            .ok();

    assertThat(result.out())
        .contains(
            "Hello from busybox",
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"",
            "A /greeting",
            "written in a container");
    assertThat(Program.run(List.of("mount"), Map.of(), null).ok().out()).doesNotContain(root);
    assertThat(
            ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(command -> command.contains(root)))
        .isEmpty();
  }
}
