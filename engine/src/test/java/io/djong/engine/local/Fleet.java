package io.djong.engine.local;

import io.djong.engine.Containers;
import io.djong.engine.Containers.PendingExit;
import io.djong.engine.Containers.WaitCondition;
import io.djong.engine.Events;
import io.djong.engine.Filters;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.json.Json;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// An engine of real parts with an image `busybox`, and short words for what tests ask of it.
final class Fleet implements AutoCloseable {
  private TestMachine machine;
  private Instant opened = Instant.EPOCH;

  private Fleet(TestMachine machine) {
    this.machine = machine;
  }

  static Fleet open(Path root) throws IOException {
    TestMachine machine = TestMachine.open(root);
    machine
        .engine()
        .images()
        .importTree(TestMachine.tree(List.of()), "busybox", null, null, List.of(), null);
    return new Fleet(machine);
  }

  TestMachine machine() {
    return machine;
  }

  Containers containers() {
    return machine.engine().containers();
  }

  /// As if the daemon had been restarted.
  void reopen() throws IOException {
    opened = Instant.now();
    machine = machine.reopened();
  }

  /// As if a daemon were started that finds what an earlier one left.
  void openAgain() throws IOException {
    opened = Instant.now();
    machine = machine.openedAnew();
  }

  /// @param config more properties of the container's configuration, as JSON without braces
  /// @param host properties of the host's part, as JSON without braces
  String create(String config, String host, String... command) throws IOException {
    String cmd = command.length == 0 ? "" : ",\"Cmd\":" + Json.full().writeText(List.of(command));
    String more = config.isEmpty() ? "" : "," + config;
    String network = host.contains("NetworkMode") ? "" : "\"NetworkMode\":\"none\"";
    String comma = host.isEmpty() || network.isEmpty() ? "" : ",";
    return containers()
        .create(
            null,
            Json.lean().read(ContainerConfig.class, "{\"Image\":\"busybox\"" + cmd + more + "}"),
            Json.lean().read(HostConfig.class, "{" + network + comma + host + "}"),
            new NetworkingConfig(Map.of()),
            null)
        .id()
        .hex();
  }

  ExitStatus run(String id) throws Exception {
    PendingExit exit = containers().awaitExit(id, WaitCondition.NEXT_EXIT);
    containers().start(id);
    return exit.await();
  }

  String state(String id) throws IOException {
    return containers().inspect(id, false).state().word();
  }

  String logs(String id) throws IOException {
    return Logs.of(containers(), id);
  }

  /// Waits for an event of a container, also one that has come already since the engine was opened
  /// again.
  Events.Event await(String id, Predicate<String> action) throws InterruptedException {
    return await(id, action, 1);
  }

  Events.Event await(String id, Predicate<String> action, int times) throws InterruptedException {
    int seen = 0;
    try (Events.Subscription events =
        machine.engine().events().subscribe(opened, null, Filters.NONE)) {
      while (true) {
        Events.Event event = events.next();
        if (event == null) {
          throw new AssertionError("the events ended");
        }
        if (event.actorId().equals(id) && action.test(event.action()) && ++seen == times) {
          return event;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (var container : containers().list(true, 0, false, Filters.NONE)) {
      try {
        containers().remove(container.id().hex(), true, true);
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts a test", e);
      }
    }
    machine.discard();
  }
}
