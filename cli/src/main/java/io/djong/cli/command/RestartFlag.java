package io.djong.cli.command;

import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.util.LinkedHashMap;
import java.util.Map;

/// The flag that says when a container is started again: `always`, `on-failure:3`.
final class RestartFlag {
  private RestartFlag() {}

  static void declare(Flags flags) {
    flags.value(
        "restart", "", "string", "Restart policy to apply when a container exits (default no)");
  }

  static void put(Given given, Map<String, Object> host) {
    String policy = given.text("restart");
    if (policy != null) {
      int colon = policy.indexOf(':');
      Map<String, Object> restart = new LinkedHashMap<>();
      restart.put("Name", colon < 0 ? policy : policy.substring(0, colon));
      try {
        restart.put(
            "MaximumRetryCount", colon < 0 ? 0 : Integer.parseInt(policy.substring(colon + 1)));
      } catch (NumberFormatException _) {
        throw Given.invalid("restart", policy, "maximum retry count must be an integer");
      }
      host.put("RestartPolicy", restart);
    }
  }
}
