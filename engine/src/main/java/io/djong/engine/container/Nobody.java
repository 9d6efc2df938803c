package io.djong.engine.container;

import io.djong.linux.CgroupUsage;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ExitStatus;
import io.djong.runtime.Stdio;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The process of a container whose monitor is gone, after a restart of the machine say: it has
/// ended, and nothing is left of it.
final class Nobody implements ContainerProcess {
  @Override
  public int pid() {
    return 0;
  }

  @Override
  public void start() {
    throw gone();
  }

  @Override
  public boolean signal(int signal) {
    return false;
  }

  @Override
  public void pause() {
    throw gone();
  }

  @Override
  public void resume() {
    throw gone();
  }

  @Override
  public void resize(int columns, int rows) {
    throw gone();
  }

  @Override
  public @Nullable ExitStatus exited() {
    return null;
  }

  @Override
  public ExitStatus await() {
    return new ExitStatus(255, false, Instant.EPOCH);
  }

  @Override
  public Attachment attach() {
    throw gone();
  }

  @Override
  public LogReader logs(LogQuery query) {
    throw gone();
  }

  @Override
  public List<Integer> pids() {
    return List.of();
  }

  @Override
  public CgroupUsage usage() {
    throw gone();
  }

  @Override
  public void update(byte[] resources) {
    throw gone();
  }

  @Override
  public ExecProcess exec(String key, byte[] process, Stdio stdio, boolean attached) {
    throw gone();
  }

  @Override
  public void delete() {}

  private static Fault gone() {
    return new Fault.Conflict("the container is not running");
  }
}
