package io.djong.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.engine.Filters;
import io.djong.engine.Jobs.Job;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter.Change;
import io.djong.model.ContainerId;
import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import io.djong.model.record.ContainerRecord.MountRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Commands on prepared trees. Needs root.
final class JobsTest {
  @TempDir(cleanup = CleanupMode.NEVER)
  Path root;

  private TestMachine machine;
  private Snapshot.Active tree;
  private ContainerId id;

  @BeforeEach
  void open() throws IOException {
    machine = TestMachine.open(root);
    machine
        .engine()
        .images()
        .importTree(TestMachine.tree(List.of()), "busybox", null, null, List.of(), null);
    var image = machine.engine().images().inspect("busybox");
    id = ContainerId.random();
    tree = machine.snapshots().prepare(id.hex(), ChainId.of(image.config().rootfs().diffIds()));
  }

  @AfterEach
  void close() throws IOException {
    machine.snapshots().remove(tree);
    machine.discard();
  }

  private Job job(List<MountRecord> mounts, String script) {
    HostConfig host =
        Json.full()
            .read(HostConfig.class, "{\"NetworkMode\":\"none\",\"LogConfig\":{\"Type\":\"none\"}}");
    return new Job(
        id, List.of("/bin/sh", "-c", script), List.of("A=b"), "", "/work", host, mounts, false);
  }

  @Test
  void whatAJobWritesIsAllThatChanges() throws Exception {
    Path bound = Files.createDirectory(root.resolve("bound"));
    Files.writeString(bound.resolve("given"), "cargo");
    MountRecord mount =
        new MountRecord(
            "bind",
            null,
            bound.toString(),
            "/mnt/deep/in",
            "",
            false,
            "",
            List.of("rbind", "ro"),
            false,
            false,
            null);
    StringBuilder said = new StringBuilder();

    var status =
        machine
            .engine()
            .jobs()
            .run(
                job(List.of(mount), "echo $A $(cat /mnt/deep/in/given); echo x > out; exit 3"),
                output -> said.append(new String(output.bytes(), UTF_8)));

    assertThat(status.code()).isEqualTo(3);
    assertThat(said.toString()).isEqualTo("b cargo\n");
    assertThat(machine.snapshots().changes(tree))
        .extracting(Change::path)
        .containsExactly("/work", "/work/out");
    assertThat(machine.engine().containers().list(true, 0, false, Filters.NONE)).isEmpty();
    try (var left = Files.list(root.resolve("exec/containers"))) {
      assertThat(left).isEmpty();
    }
    try (var left = Files.list(root.resolve("data/engine/containers"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anInterruptedJobEndsAndLeavesNothing() throws Exception {
    CompletableFuture<Boolean> started = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread runner =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    machine
                        .engine()
                        .jobs()
                        .run(job(List.of(), "echo up; sleep 1000"), _ -> started.complete(true));
                    interrupted.complete(false);
                  } catch (InterruptedException e) {
                    interrupted.complete(true);
                  } catch (IOException e) {
                    interrupted.completeExceptionally(e);
                  }
                });
    started.join();

    runner.interrupt();

    assertThat(interrupted.join()).isTrue();
    try (var left = Files.list(root.resolve("exec/containers"))) {
      assertThat(left).isEmpty();
    }
  }
}
