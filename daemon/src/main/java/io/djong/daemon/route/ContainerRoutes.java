package io.djong.daemon.route;

import io.djong.api.ContainerChange;
import io.djong.api.ContainerCreate;
import io.djong.api.ContainerCreated;
import io.djong.api.ContainerTop;
import io.djong.api.ContainersPruned;
import io.djong.engine.ContainerDetails;
import io.djong.engine.Containers;
import io.djong.layers.Snapshotter.Change;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Containers as things: made, listed, looked at, renamed, removed. Their lives are in
/// [LifeRoutes].
final class ContainerRoutes {
  private static final Set<String> LIST_FILTERS =
      Set.of(
          "ancestor",
          "before",
          "exited",
          "expose",
          "health",
          "id",
          "is-task",
          "isolation",
          "label",
          "label!",
          "name",
          "network",
          "publish",
          "since",
          "status",
          "volume");

  private final Containers containers;
  private final ContainerAnswers answers;
  private final SummaryLines lines;

  ContainerRoutes(Containers containers, ContainerAnswers answers) {
    this.containers = containers;
    this.answers = answers;
    this.lines = new SummaryLines(answers);
  }

  void addTo(RouteTable table) {
    table.add("GET", "/containers/json", this::list);
    table.add("POST", "/containers/create", this::create);
    table.add("POST", "/containers/prune", this::prune);
    table.add("GET", "/containers/{id}/json", this::inspect);
    table.add("GET", "/containers/{id}/top", this::top);
    table.add("GET", "/containers/{id}/changes", this::changes);
    table.add("POST", "/containers/{id}/rename", this::rename);
    table.add("DELETE", "/containers/{id}", this::remove);
    table.add("DELETE", "/containers/{id}/{alias}", this::unlink);
  }

  private void list(Call call) throws IOException {
    var filters = call.filters();
    filters.allowOnly(LIST_FILTERS);
    int limit = call.number("limit", 0);
    List<ContainerDetails> found =
        containers.list(call.flag("all"), Math.max(limit, 0), call.flag("size"), filters);
    boolean whole = call.flag("all") && limit <= 0 && call.query("filters") == null;
    byte[] json = lines.json(found, Instant.now(), whole);
    call.response().header("Content-Type", "application/json").send(json);
  }

  private void create(Call call) throws IOException {
    byte[] body = call.json();
    if (body.length == 0) {
      throw new Fault.Invalid("invalid JSON: got EOF while reading request body");
    }
    ContainerCreate wanted = ContainerCreate.read(body);
    HostConfig host = wanted.hostConfig();
    NetworkingConfig networking = wanted.networkingConfig();
    String name = call.query("name");
    Containers.Created created =
        containers.create(
            name != null && name.startsWith("/") ? name.substring(1) : name,
            wanted.config(),
            host == null ? Json.full().read(HostConfig.class, "{}") : host,
            networking == null ? new NetworkingConfig(Map.of()) : networking,
            call.query("platform"));
    call.answer(201, new ContainerCreated(created.id().hex(), created.warnings()));
  }

  private void prune(Call call) throws IOException, InterruptedException {
    var filters = call.filters();
    filters.allowOnly(Set.of("until", "label", "label!"));
    Containers.Pruned pruned = containers.prune(filters);
    List<String> deleted = pruned.deleted();
    call.answer(new ContainersPruned(deleted.isEmpty() ? null : deleted, pruned.spaceReclaimed()));
  }

  private void inspect(Call call) throws IOException {
    ContainerDetails details = containers.inspect(call.name("id"), call.flag("size"));
    call.answer(answers.inspect(details));
  }

  private void top(Call call) throws IOException, InterruptedException {
    String arguments = call.query("ps_args");
    Containers.Top top = containers.top(call.name("id"), arguments == null ? "-ef" : arguments);
    call.answer(new ContainerTop(top.processes(), top.titles()));
  }

  private void changes(Call call) throws IOException {
    List<Change> changes = containers.changes(call.name("id"));
    call.answer(
        changes.stream()
            .map(change -> new ContainerChange(change.path(), number(change.kind())))
            .toList());
  }

  private static int number(Change.Kind kind) {
    return switch (kind) {
      case MODIFIED -> 0;
      case ADDED -> 1;
      case DELETED -> 2;
    };
  }

  private void rename(Call call) throws IOException {
    String name = call.query("name");
    if (name == null) {
      throw new Fault.Invalid("Neither old nor new names may be empty");
    }
    containers.rename(call.name("id"), name.startsWith("/") ? name.substring(1) : name);
    call.empty(204);
  }

  private void remove(Call call) throws IOException, InterruptedException {
    if (call.flag("link")) {
      throw new Fault.Conflict("Conflict, cannot remove the default link name of the container");
    }
    containers.remove(call.name("id"), call.flag("force"), call.flag("v"));
    call.empty(204);
  }

  /// A link is named by the container that has it, a slash, and its alias.
  private void unlink(Call call) throws IOException {
    if (!call.flag("link")) {
      throw new Fault.NotFound("page not found");
    }
    containers.unlink(call.name("id"), call.name("alias"));
    call.empty(204);
  }
}
