package io.djong.cli.command;

import io.djong.api.ApiVersion;
import io.djong.api.VersionAnswer;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.Console;
import io.djong.cli.Product;
import io.djong.cli.flag.Flags;
import io.djong.cli.format.Template;
import io.djong.model.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shows the versions of this program and of the engine.
public final class VersionCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "Show the version information", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags.value("format", "f", "string", "'json' or a Go template");
  }

  @Override
  public int run(Call call) throws IOException {
    VersionAnswer server = null;
    IOException failure = null;
    try {
      server = call.engine().version();
    } catch (IOException e) {
      failure = e;
    }
    String format = call.given().text("format");
    if (format == null) {
      print(call.console(), server);
    } else {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("Client", client());
      if (server != null) {
        tree.put("Server", Json.full().readTree(Json.full().write(server)));
      }
      call.console()
          .print(Template.parse(format.equals("json") ? "{{json .}}" : format, false).apply(tree));
    }
    if (failure != null) {
      throw failure;
    }
    return 0;
  }

  private static Map<String, Object> client() {
    Map<String, Object> client = new LinkedHashMap<>();
    client.put("Version", Product.VERSION);
    client.put("ApiVersion", ApiVersion.NEWEST.toString());
    client.put("DefaultAPIVersion", ApiVersion.NEWEST.toString());
    client.put("Os", "linux");
    client.put("Arch", Product.architecture());
    client.put("Context", "default");
    return client;
  }

  private static void print(Console console, @Nullable VersionAnswer server) {
    console.print("Client: djong");
    line(console, 1, "Version", Product.VERSION);
    line(console, 1, "API version", ApiVersion.NEWEST.toString());
    line(console, 1, "Java version", Runtime.version().toString());
    line(console, 1, "OS/Arch", "linux/" + Product.architecture());
    if (server == null) {
      return;
    }
    console.print("");
    console.print("Server: " + server.platform().name());
    console.print(" Engine:");
    line(console, 2, "Version", server.version());
    line(
        console,
        2,
        "API version",
        server.apiVersion() + " (minimum version " + server.minApiVersion() + ")");
    line(console, 2, "Git commit", server.gitCommit());
    line(console, 2, "Built", server.buildTime());
    line(console, 2, "OS/Arch", server.os() + "/" + server.arch());
    for (VersionAnswer.Component component : server.components()) {
      if (!component.name().equals("Engine")) {
        console.print(" " + component.name() + ":");
        line(console, 2, "Version", component.version());
        Map<String, String> details = component.details();
        if (details != null && details.containsKey("GitCommit")) {
          line(console, 2, "GitCommit", String.valueOf(details.get("GitCommit")));
        }
      }
    }
  }

  private static void line(Console console, int depth, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      console.print(
          " ".repeat(depth)
              + name
              + ":"
              + " ".repeat(Math.max(1, 18 - name.length() - depth))
              + value);
    }
  }
}
