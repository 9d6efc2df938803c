package io.djong.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrunTest extends ConmonFixture {
  private static final Path PROGRAM = Path.of("/usr/bin/crun");

  private Crun crun;

  @BeforeEach
  @Override
  void open() throws IOException {
    crun = Crun.of(PROGRAM);
    super.open();
  }

  @AfterEach
  @Override
  void close() throws IOException {
    super.close();
    crun.close();
  }

  @Override
  Programs programs() {
    return new Programs(Programs.DEFAULT.conmon(), List.of(crun.runtime(), OciRuntime.RUNC));
  }

  @Test
  void aContainerStaysWithTheRuntimeThatMadeIt(@TempDir Path folder) throws Exception {
    Made made = Made.script(folder, "exec sleep 1000");
    ContainerProcess process = runtime().create(made.id(), made.bundle(), made.stdio(), "runc");
    assertThat(root.resolve("oci").resolve(made.id().hex()).resolve("state.json")).exists();
    ContainerProcess again = nextRuntime().reattach(made.id(), made.bundle(), made.stdio());
    again.start();
    again.update("{\"pids\":{\"limit\":100}}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    again.delete();
    assertThat(process.await().code()).isEqualTo(137);
  }

  @Test
  void aRuntimeThatIsNotHereIsAMistakeAndLeavesNothing(@TempDir Path folder) throws Exception {
    Made made = Made.script(folder, "true");
    assertThatThrownBy(() -> runtime().create(made.id(), made.bundle(), made.stdio(), "kata"))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessage("unknown or invalid runtime name: kata");
    assertThat(root.resolve(made.id().hex())).doesNotExist();
  }

  @Test
  void theProgramThatIsCalledCannotBeWrittenTo() throws Exception {
    Path sealed = Path.of(crun.runtime().command().getLast());
    assertThat(sealed).hasSameBinaryContentAs(PROGRAM);
    assertThatThrownBy(() -> Files.write(sealed, new byte[] {1})).isInstanceOf(IOException.class);
    assertThat(sealed).hasSameBinaryContentAs(PROGRAM);
  }
}
