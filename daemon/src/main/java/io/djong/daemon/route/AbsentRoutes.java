package io.djong.daemon.route;

import io.djong.model.Fault;
import java.util.List;

/// What Docker's API has and djong has not yet, said in a sentence rather than with a false
/// success.
final class AbsentRoutes {
  private static final String NO_SWARM =
      "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
          + " connect this node to swarm and try again.";

  void addTo(RouteTable table) {
    absent(table, "POST", "/session", "building images with BuildKit");
    absent(table, "POST", "/grpc", "building images with BuildKit");
    absent(table, "GET", "/containers/{id}/checkpoints", "checkpoints");
    absent(table, "POST", "/containers/{id}/checkpoints", "checkpoints");
    absent(table, "DELETE", "/containers/{id}/checkpoints/{name}", "checkpoints");
    absent(table, "PUT", "/volumes/{name}", "cluster volumes");
    plugins(table);
    swarm(table);
  }

  private static void plugins(RouteTable table) {
    table.add("GET", "/plugins", call -> call.answer(List.of()));
    table.add(
        "GET",
        "/plugins/{name:.*}/json",
        call -> {
          throw new Fault.NotFound("plugin \"" + call.name("name") + "\" not found");
        });
    for (String path : List.of("/plugins/pull", "/plugins/create", "/plugins/{name:.*}")) {
      absent(table, "POST", path, "plugins");
    }
    absent(table, "GET", "/plugins/privileges", "plugins");
    absent(table, "DELETE", "/plugins/{name:.*}", "plugins");
  }

  private static void swarm(RouteTable table) {
    absent(table, "POST", "/swarm/init", "swarm mode");
    absent(table, "POST", "/swarm/join", "swarm mode");
    table.add(
        "POST",
        "/swarm/leave",
        _ -> {
          throw new Fault.Unavailable("This node is not part of a swarm");
        });
    for (String noun : List.of("swarm", "nodes", "services", "tasks", "secrets", "configs")) {
      for (String method : List.of("GET", "POST", "DELETE")) {
        for (String path : List.of("/" + noun, "/" + noun + "/{rest:.*}")) {
          table.add(
              method,
              path,
              _ -> {
                throw new Fault.Unavailable(NO_SWARM);
              });
        }
      }
    }
  }

  private static void absent(RouteTable table, String method, String path, String what) {
    table.add(
        method,
        path,
        _ -> {
          throw new Fault.Unsupported(what + " is not there yet in djong 0.1");
        });
  }
}
