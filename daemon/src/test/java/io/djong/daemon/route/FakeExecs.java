package io.djong.daemon.route;

import io.djong.engine.Execs;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess.Attachment;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One exec, with the id `exec`.
final class FakeExecs implements Execs {
  volatile @Nullable ExecConfig config;
  volatile @Nullable FakeProcess process;
  volatile @Nullable Fault refusal;

  @Override
  public String create(String containerRef, ExecConfig wanted) {
    config = wanted;
    return "exec";
  }

  @Override
  public @Nullable Attachment start(
      String id, boolean detach, @Nullable Boolean tty, int columns, int rows, Begun begun)
      throws IOException {
    begun.accept();
    Fault refused = refusal;
    if (refused != null) {
      throw refused;
    }
    return detach ? null : process;
  }

  @Override
  public void resize(String id, int columns, int rows) {
    inspect(id);
  }

  @Override
  public ExecDetails inspect(String id) {
    ExecConfig known = config;
    if (known == null || !id.equals("exec")) {
      throw new Fault.NotFound("No such exec instance: " + id);
    }
    return new ExecDetails(id, FakeEngine.CONTAINER, known, false, 7, 43);
  }
}
