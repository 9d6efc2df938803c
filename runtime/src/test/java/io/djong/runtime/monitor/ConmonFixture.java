package io.djong.runtime.monitor;

import io.djong.model.ContainerId;
import io.djong.runtime.ContainerRuntime;
import io.djong.runtime.ContainerRuntimeContract;
import io.djong.runtime.Stdio;
import io.djong.runtime.Stdio.LogLimits;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract over conmon and one OCI runtime.
abstract class ConmonFixture implements ContainerRuntimeContract {
  @TempDir Path root;
  private final List<ConmonRuntime> runtimes = new ArrayList<>();

  abstract Programs programs();

  @BeforeEach
  void open() throws IOException {
    nextRuntime();
  }

  /// A test that fails leaves its containers behind.
  @AfterEach
  void close() throws IOException {
    Stdio stdio = new Stdio(false, false, false, root, LogLimits.NONE);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(root, "?".repeat(64))) {
      for (Path container : left) {
        ContainerId id = new ContainerId(String.valueOf(container.getFileName()));
        nextRuntime().reattach(id, root, stdio).delete();
      }
    }
    runtimes.forEach(ConmonRuntime::close);
  }

  @Override
  public ContainerRuntime runtime() {
    return runtimes.getFirst();
  }

  @Override
  public ContainerRuntime nextRuntime() throws IOException {
    ConmonRuntime runtime = new ConmonRuntime(programs(), root);
    runtimes.add(runtime);
    return runtime;
  }
}
