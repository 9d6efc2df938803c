package io.djong.cli.command;

import io.djong.api.ContainerCreated;
import io.djong.api.Target;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes a container like another: its configuration, not its files. What is said about limits and
/// restarts replaces what the other has.
public final class CloneCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "[OPTIONS] CONTAINER [NAME]", "Create a container with the configuration of another", 1, 2);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("run", "", "Start the new container")
        .value("image", "", "string", "Image of the new container (default that of the other)");
    LimitFlags.declare(flags);
    RestartFlag.declare(flags);
  }

  @Override
  public int run(Call call) throws IOException {
    Given given = call.given();
    Object tree =
        Json.full()
            .readTree(call.engine().json(Target.of("containers", given.argument(0), "json")));
    Map<String, Object> of = object(tree);
    Map<String, Object> body = object(of.get("Config"));
    String id = String.valueOf(of.get("Id"));
    if (id.startsWith(String.valueOf(body.get("Hostname")))) {
      // Drawn from the id: the new one has its own.
      body.remove("Hostname");
    }
    if (given.has("image")) {
      body.put("Image", given.text("image", ""));
    }
    Map<String, Object> host = object(of.get("HostConfig"));
    host.putAll(LimitFlags.of(given));
    RestartFlag.put(given, host);
    body.put("HostConfig", host);
    String name = given.arguments().size() > 1 ? given.argument(1) : null;
    Target target = Target.of("containers", "create").with("name", name);
    ContainerCreated created;
    try (Exchange answer = call.engine().send("POST", target.toString(), Json.full().write(body))) {
      created = Json.full().read(ContainerCreated.class, answer.body().readAllBytes());
    }
    List<String> warnings = created.warnings();
    for (String warning : warnings == null ? List.<String>of() : warnings) {
      call.console().say("WARNING: " + warning);
    }
    if (given.is("run")) {
      call.engine().start(created.id(), null);
    }
    call.console().print(created.id());
    return 0;
  }

  private static Map<String, Object> object(@org.jspecify.annotations.Nullable Object tree) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (tree instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (entry.getValue() != null) {
          all.put((String) entry.getKey(), entry.getValue());
        }
      }
    }
    return all;
  }
}
