package io.djong.cli.command;

import io.djong.api.SystemInfo;
import io.djong.api.Target;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.Product;
import io.djong.cli.flag.Flags;
import io.djong.cli.format.Sizes;
import io.djong.cli.format.Template;
import io.djong.model.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/// Shows what the engine and its machine are.
public final class InfoCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS]", "Display system-wide information", 0, 0);
  }

  @Override
  public void declare(Flags flags) {
    flags.value("format", "f", "string", "'json' or a Go template");
  }

  @Override
  public int run(Call call) throws IOException {
    String format = call.given().text("format");
    if (format != null) {
      Object tree = Json.full().readTree(call.engine().json(Target.of("info")));
      call.console()
          .print(Template.parse(format.equals("json") ? "{{json .}}" : format, false).apply(tree));
      return 0;
    }
    SystemInfo info = call.engine().info();
    StringBuilder text = new StringBuilder("Client: djong\n");
    line(text, 1, "Version", Product.VERSION);
    text.append("\nServer:\n");
    line(text, 1, "Containers", info.containers());
    line(text, 2, "Running", info.containersRunning());
    line(text, 2, "Paused", info.containersPaused());
    line(text, 2, "Stopped", info.containersStopped());
    line(text, 1, "Images", info.images());
    line(text, 1, "Server Version", info.serverVersion());
    line(text, 1, "Storage Driver", info.driver());
    for (List<String> status : info.driverStatus()) {
      if (status.size() == 2) {
        line(text, 2, status.get(0), status.get(1));
      }
    }
    line(text, 1, "Logging Driver", info.loggingDriver());
    line(text, 1, "Cgroup Driver", info.cgroupDriver());
    line(text, 1, "Cgroup Version", info.cgroupVersion());
    text.append(" Plugins:\n");
    line(text, 2, "Volume", String.join(" ", info.plugins().volume()));
    line(text, 2, "Network", String.join(" ", info.plugins().network()));
    line(text, 2, "Log", String.join(" ", info.plugins().log()));
    line(text, 1, "Swarm", info.swarm().localNodeState());
    line(text, 1, "Runtimes", String.join(" ", new TreeMap<>(info.runtimes()).keySet()));
    line(text, 1, "Default Runtime", info.defaultRuntime());
    line(text, 1, "Init Binary", info.initBinary());
    if (!info.securityOptions().isEmpty()) {
      text.append(" Security Options:\n");
      for (String option : info.securityOptions()) {
        text.append("  ").append(option).append('\n');
      }
    }
    line(text, 1, "Kernel Version", info.kernelVersion());
    line(text, 1, "Operating System", info.operatingSystem());
    line(text, 1, "OSType", info.osType());
    line(text, 1, "Architecture", info.architecture());
    line(text, 1, "CPUs", info.cpus());
    line(text, 1, "Total Memory", Sizes.binary(info.memTotal()));
    line(text, 1, "Name", info.name());
    line(text, 1, "ID", info.id());
    line(text, 1, "Root Dir", info.dockerRootDir());
    line(text, 1, "Live Restore Enabled", info.liveRestoreEnabled());
    call.console().out().print(text);
    List<String> warnings = info.warnings();
    if (warnings != null) {
      for (String warning : warnings) {
        call.console().say(warning);
      }
    }
    return 0;
  }

  private static void line(StringBuilder text, int depth, String name, Object value) {
    text.append(" ".repeat(depth)).append(name).append(": ").append(value).append('\n');
  }
}
