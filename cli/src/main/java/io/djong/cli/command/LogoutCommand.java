package io.djong.cli.command;

import io.djong.api.RegistryLogins;
import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;

/// Forgets who one is to a registry.
public final class LogoutCommand implements Command {
  @Override
  public Synopsis synopsis() {
    return new Synopsis("[SERVER]", "Log out from a registry", 0, 1);
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    String server = call.given().arguments().isEmpty() ? "" : call.given().argument(0);
    String host = RegistryLogins.host(server);
    boolean known = RegistryLogins.ofUser().forget(host);
    call.console()
        .print(known ? "Removing login credentials for " + host : "Not logged in to " + host);
    return 0;
  }
}
