package io.djong.cli.command;

import io.djong.api.AuthAnswer;
import io.djong.api.AuthConfig;
import io.djong.api.RegistryLogins;
import io.djong.cli.Call;
import io.djong.cli.Command;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Tries who one is to a registry, and remembers it.
public final class LoginCommand implements Command {
  private static final int MAX_PASSWORD = 64 << 10;

  @Override
  public Synopsis synopsis() {
    return new Synopsis("[OPTIONS] [SERVER]", "Authenticate to a registry", 0, 1);
  }

  @Override
  public void declare(Flags flags) {
    flags
        .value("username", "u", "string", "Username")
        .value("password", "p", "string", "Password or Personal Access Token (PAT)")
        .toggle("password-stdin", "", "Take the Password or PAT from stdin");
  }

  @Override
  public int run(Call call) throws IOException, InterruptedException {
    Given given = call.given();
    String server = given.arguments().isEmpty() ? "" : given.argument(0);
    String user = given.text("username");
    String password = password(call);
    if (user == null || password == null) {
      call.console().say("want --username, and --password-stdin or a terminal to ask on");
      return 1;
    }
    String host = RegistryLogins.host(server);
    AuthConfig config = new AuthConfig(user, password, null, null, host, null, null);
    AuthAnswer answer = call.engine().login(config);
    String token = answer.identityToken();
    RegistryLogins.ofUser()
        .keep(
            host,
            token.isEmpty() ? config : new AuthConfig(user, null, null, null, host, token, null));
    call.console().print(answer.status());
    return 0;
  }

  private static @Nullable String password(Call call) throws IOException {
    Given given = call.given();
    if (given.is("password-stdin")) {
      byte[] bytes = call.console().in().readNBytes(MAX_PASSWORD);
      String text = new String(bytes, StandardCharsets.UTF_8);
      int end = text.length();
      while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
        end--;
      }
      return text.substring(0, end);
    }
    String password = given.text("password");
    if (password != null) {
      call.console()
          .say("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
      return password;
    }
    java.io.Console terminal = call.console().inputIsTerminal() ? System.console() : null;
    char[] typed = terminal == null ? null : terminal.readPassword("Password: ");
    return typed == null ? null : new String(typed);
  }
}
