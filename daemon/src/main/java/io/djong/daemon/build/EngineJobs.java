package io.djong.daemon.build;

import io.djong.build.StepRunner;
import io.djong.engine.Engine;
import io.djong.engine.Jobs.Job;
import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.runtime.ContainerProcess.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs the commands of a builder's steps as jobs of the engine.
public final class EngineJobs implements StepRunner {
  private final Engine engine;

  public EngineJobs(Engine engine) {
    this.engine = engine;
  }

  @Override
  public int run(StepCommand command, OutputListener output)
      throws IOException, InterruptedException {
    List<MountRecord> mounts = new ArrayList<>();
    for (StepMount mount : command.mounts()) {
      mounts.add(mount(mount));
    }
    Job job =
        new Job(
            command.id(),
            command.args(),
            command.env(),
            command.user(),
            command.workingDir(),
            host(command),
            mounts,
            command.secret());
    return engine
        .jobs()
        .run(job, piece -> output.on(piece.channel() == Channel.STDERR, piece.bytes()))
        .code();
  }

  /// As any client of the API would ask for it.
  private static HostConfig host(StepCommand command) {
    Map<String, Object> asked = new HashMap<>(command.surroundings().limits());
    asked.put("LogConfig", Map.of("Type", "none"));
    asked.put(
        "NetworkMode",
        command.network().equals("default") ? command.surroundings().network() : command.network());
    asked.put("ExtraHosts", command.surroundings().extraHosts());
    if (command.insecure()) {
      asked.put("Privileged", true);
    }
    return Json.full().read(HostConfig.class, Json.full().write(asked));
  }

  private static MountRecord mount(StepMount mount) {
    Path source = mount.source();
    List<String> options = new ArrayList<>(mount.options());
    if (source == null) {
      options.addAll(List.of("nosuid", "nodev"));
    } else {
      options.addAll(List.of("rbind", "rprivate"));
    }
    if (!mount.writable()) {
      options.add("ro");
    }
    return new MountRecord(
        source == null ? "tmpfs" : "bind",
        null,
        source == null ? "" : source.toString(),
        mount.target(),
        "",
        mount.writable(),
        "",
        options,
        false,
        false,
        null);
  }
}
