package io.djong.cli.command;

import io.djong.api.ContainerInspect;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.model.container.HostConfig.PortBinding;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shows published ports.
public final class PortCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "CONTAINER [PRIVATE_PORT[/PROTO]]",
        "List port mappings or a specific mapping for the container",
        1,
        2);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    ContainerInspect container = call.engine().container(call.given().argument(0), false);
    String wanted = call.given().arguments().size() < 2 ? "" : call.given().argument(1);
    if (!wanted.isEmpty() && !wanted.contains("/")) {
      wanted = wanted + "/tcp";
    }
    boolean found = false;
    for (Map.Entry<String, @Nullable List<PortBinding>> port :
        container.networkSettings().ports().entrySet()) {
      List<PortBinding> bindings = port.getValue();
      if (bindings == null || (!wanted.isEmpty() && !wanted.equals(port.getKey()))) {
        continue;
      }
      for (PortBinding binding : bindings) {
        String ip =
            binding.hostIp().contains(":") ? "[" + binding.hostIp() + "]" : binding.hostIp();
        String address = ip + ":" + binding.hostPort();
        call.console().print(wanted.isEmpty() ? port.getKey() + " -> " + address : address);
        found = true;
      }
    }
    if (!wanted.isEmpty() && !found) {
      call.console()
          .say("Error: No public port '" + wanted + "' published for " + call.given().argument(0));
      return 1;
    }
    return 0;
  }
}
