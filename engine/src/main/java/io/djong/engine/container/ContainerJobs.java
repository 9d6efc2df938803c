package io.djong.engine.container;

import io.djong.engine.Jobs;
import io.djong.linux.IdMapping;
import io.djong.linux.Root;
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Output;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;

/// Runs jobs the way containers are started, without a record of them. A daemon that dies meanwhile
/// leaves what the next one knows for no container's and removes.
final class ContainerJobs implements Jobs {
  /// The same for all: what a job writes shall not depend on chance.
  private static final String HOSTNAME = "build";

  private final ContainerParts parts;
  private final ContainerLaunch launch;

  ContainerJobs(ContainerParts parts, ContainerLaunch launch) {
    this.parts = parts;
    this.launch = launch;
  }

  @Override
  public ExitStatus run(Job job, OutputListener output) throws IOException, InterruptedException {
    ContainerId id = job.id();
    Container container = new Container(record(job));
    MountStubs stubs = new MountStubs();
    try (Rollback undo = new Rollback()) {
      ContainerFolders.make(parts.folders().logs(id));
      undo.add(() -> Trees.delete(parts.folders().data(id)));
      undo.add(() -> Trees.delete(parts.folders().bundle(id)));
      if (job.secret()) {
        undo.add(() -> parts.trees().unmountAll(id));
        parts.trees().keepInMemory(id);
      }
      // While the tree is still mounted, and nothing runs on it any more.
      ContainerLaunch.MountTargets targets = stubs::make;
      try (Rollback started = new Rollback()) {
        ContainerLaunch.Launched launched = launch.create(container, targets, started);
        // The names of its networks are looked up by where it is.
        container.become(container.record().withEndpoints(launched.place().endpoints()));
        ContainerProcess process = launched.process();
        ExitStatus status = toEnd(process, output);
        process.delete();
        try (Root root = parts.trees().open(id)) {
          stubs.remove(root);
        }
        return status;
      }
    }
  }

  private static ExitStatus toEnd(ContainerProcess process, OutputListener output)
      throws IOException, InterruptedException {
    try (Attachment streams = process.attach()) {
      Thread reader = Thread.ofVirtual().name("output of a job").start(() -> pass(streams, output));
      start(process);
      ExitStatus status = process.await();
      reader.join();
      return status;
    }
  }

  /// An interruption is one, whatever it interrupts.
  private static void start(ContainerProcess process) throws IOException, InterruptedException {
    try {
      process.start();
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      InterruptedException interruption = new InterruptedException(e.getMessage());
      interruption.initCause(e);
      throw interruption;
    }
  }

  private static void pass(Attachment streams, OutputListener output) {
    try {
      Output piece = streams.read();
      while (piece != null) {
        output.on(piece);
        piece = streams.read();
      }
    } catch (IOException e) {
      System.getLogger(ContainerJobs.class.getName())
          .log(System.Logger.Level.WARNING, "output of a job is lost", e);
    }
  }

  private ContainerRecord record(Job job) {
    IdMapping mapping = parts.users().forJob(job.host());
    return new ContainerRecord(
        job.id().hex(),
        0,
        "job-" + job.id().abbreviated(),
        parts.events().clock().instant().toString(),
        Digest.of(new byte[0]),
        null,
        config(job),
        job.host(),
        new NetworkingConfig(Map.of()),
        // They are the builder's own, with the owners that an image has.
        mapping == null
            ? job.mounts()
            : job.mounts().stream().map(mount -> mount.withIdMap("")).toList(),
        Life.CREATED,
        Map.of(),
        mapping == null ? null : OwnerMapping.text(mapping));
  }

  private static ContainerConfig config(Job job) {
    return new ContainerConfig(
        HOSTNAME,
        null,
        job.user(),
        false,
        true,
        true,
        Map.of(),
        false,
        false,
        false,
        job.env(),
        job.args(),
        null,
        false,
        "",
        Map.of(),
        job.workingDir(),
        null,
        job.host().networkMode().equals("none"),
        null,
        null,
        Map.of(),
        null,
        null,
        null);
  }
}
