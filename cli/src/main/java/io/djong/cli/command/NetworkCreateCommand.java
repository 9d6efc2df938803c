package io.djong.cli.command;

import io.djong.api.NetworkCreate;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes a network.
public final class NetworkCreateCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] NETWORK", "Create a network", 1, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .toggle("attachable", "", "Enable manual container attachment")
        .value("aux-address", "", "map", "Addresses of the subnet that containers never get")
        .value("driver", "d", "string", "Driver to manage the network (default bridge)")
        .value("gateway", "", "list", "Gateway of the subnet")
        .toggle("internal", "", "Restrict external access to the network")
        .value("ip-range", "", "list", "Allocate container addresses from a sub-range")
        .value("ipam-driver", "", "string", "IP Address Management driver (default default)")
        .value("ipam-opt", "", "map", "Set IPAM driver specific options")
        .toggle("ipv4", "", "Enable or disable IPv4 address assignment (default true)")
        .toggle("ipv6", "", "Enable or disable IPv6 address assignment")
        .value("label", "", "list", "Set metadata on a network")
        .value("opt", "o", "map", "Set driver specific options")
        .value("subnet", "", "list", "Subnet in CIDR format that represents a network segment");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    NetworkCreate network =
        new NetworkCreate(
            given.argument(0),
            given.text("driver", "bridge"),
            null,
            given.is("internal"),
            given.is("attachable"),
            false,
            false,
            null,
            new NetworkCreate.Ipam(
                given.text("ipam-driver", "default"),
                Pairs.map(given.all("ipam-opt")),
                pools(given)),
            given.has("ipv4") ? given.is("ipv4") : null,
            given.has("ipv6") ? given.is("ipv6") : null,
            Pairs.map(given.all("opt")),
            Pairs.map(given.all("label")));
    call.console().print(call.engine().createNetwork(network).id());
    return 0;
  }

  /// Ranges, gateways and reserved addresses go to the subnet they are in: the first one by their
  /// family and leading words.
  private static List<NetworkCreate.Pool> pools(Given given) {
    List<NetworkCreate.Pool> pools = new ArrayList<>();
    for (String subnet : given.all("subnet")) {
      Map<String, String> reserved = new LinkedHashMap<>();
      Pairs.map(given.all("aux-address"))
          .forEach(
              (name, address) -> {
                if (isIn(given, subnet, address)) {
                  reserved.put(name, address);
                }
              });
      pools.add(
          new NetworkCreate.Pool(
              subnet,
              of(given, subnet, given.all("ip-range")),
              of(given, subnet, given.all("gateway")),
              reserved));
    }
    if (pools.isEmpty() && !(given.all("gateway").isEmpty() && given.all("ip-range").isEmpty())) {
      throw Given.invalid(
          "gateway",
          String.join(",", given.all("gateway")),
          "every ip-range or gateway must have a corresponding subnet");
    }
    return pools;
  }

  private static String of(Given given, String subnet, List<String> texts) {
    return texts.stream().filter(text -> isIn(given, subnet, text)).findFirst().orElse("");
  }

  /// Of several subnets the one that shares the most leading characters; the engine checks.
  private static boolean isIn(Given given, String subnet, String text) {
    int best = -1;
    String found = "";
    for (String candidate : given.all("subnet")) {
      int common = 0;
      while (common < Math.min(candidate.length(), text.length())
          && candidate.charAt(common) == text.charAt(common)) {
        common++;
      }
      boolean family = candidate.indexOf(':') >= 0 == text.indexOf(':') >= 0;
      if (family && common > best) {
        best = common;
        found = candidate;
      }
    }
    return found.equals(subnet);
  }
}
