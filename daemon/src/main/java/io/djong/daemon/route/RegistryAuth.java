package io.djong.daemon.route;

import io.djong.api.AuthConfig;
import io.djong.build.BuildRequest.Login;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import io.djong.registry.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads whom a client wants to be to a registry. What cannot be read is refused without showing
/// it.
public final class RegistryAuth {
  private static final int MAX_HEADER = 64 << 10;

  private RegistryAuth() {}

  /// The credentials in `X-Registry-Auth`, for one host; those that say that they are another's are
  /// not used.
  static Credentials read(@Nullable String header, String host) {
    if (header == null || header.isBlank()) {
      return Credentials.NONE;
    }
    if (header.length() > MAX_HEADER) {
      throw new Fault.Invalid("X-Registry-Auth is too long");
    }
    AuthConfig config;
    try {
      // Clients use both alphabets of base64, with padding and without.
      String plain = header.strip().replace('-', '+').replace('_', '/').replace("=", "");
      byte[] json = Base64.getDecoder().decode(plain);
      if (json.length == 0) {
        return Credentials.NONE;
      }
      config = Json.lean().read(AuthConfig.class, json);
    } catch (IllegalArgumentException | Fault.Invalid e) {
      // What a parser quotes of its input would be a piece of the secret.
      throw new Fault.Invalid("invalid X-Registry-Auth header: want base64 of JSON");
    }
    String server = config.serveraddress();
    return server == null || server.isBlank() || host(server).equals(host)
        ? credentials(config)
        : Credentials.NONE;
  }

  /// Who one is to registries, by their hosts, as `X-Registry-Config` has it.
  static Map<String, Login> logins(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return Map.of();
    }
    if (header.length() > MAX_HEADER) {
      throw new Fault.Invalid("X-Registry-Config is too long");
    }
    Map<String, Login> all = new HashMap<>();
    try {
      String plain = header.strip().replace('-', '+').replace('_', '/').replace("=", "");
      byte[] json = Base64.getDecoder().decode(plain);
      if (json.length > 0 && Json.lean().readTree(json) instanceof Map<?, ?> hosts) {
        for (Map.Entry<?, ?> each : hosts.entrySet()) {
          AuthConfig config =
              Json.lean().read(AuthConfig.class, Json.lean().write(each.getValue()));
          all.put(host(String.valueOf(each.getKey())), login(credentials(config)));
        }
      }
    } catch (IllegalArgumentException | Fault.Invalid e) {
      throw new Fault.Invalid("invalid X-Registry-Config header: want base64 of JSON");
    }
    return all;
  }

  private static Login login(Credentials credentials) {
    return switch (credentials) {
      case Credentials.None _ -> new Login("", "", "", "");
      case Credentials.Password password -> new Login(password.user(), password.password(), "", "");
      case Credentials.IdentityToken token -> new Login(token.user(), "", token.token(), "");
      case Credentials.RegistryToken token -> new Login("", "", "", token.token());
    };
  }

  /// Whom a client wants to be, as Docker spells it.
  public static Credentials credentials(AuthConfig config) {
    String user = config.username() == null ? "" : config.username();
    if (isThere(config.registrytoken())) {
      return new Credentials.RegistryToken(String.valueOf(config.registrytoken()));
    }
    if (isThere(config.identitytoken())) {
      return new Credentials.IdentityToken(user, String.valueOf(config.identitytoken()));
    }
    if (isThere(config.username())) {
      return new Credentials.Password(user, config.password() == null ? "" : config.password());
    }
    return isThere(config.auth()) ? pair(String.valueOf(config.auth())) : Credentials.NONE;
  }

  private static Credentials pair(String auth) {
    try {
      String text = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon > 0) {
        return new Credentials.Password(text.substring(0, colon), text.substring(colon + 1));
      }
    } catch (IllegalArgumentException e) {
      // As below.
    }
    throw new Fault.Invalid("invalid auth: want base64 of USER:PASSWORD");
  }

  private static boolean isThere(@Nullable String text) {
    return text != null && !text.isEmpty();
  }

  /// The host of a server's address as clients write it; Docker's own index is `docker.io`.
  static String host(String server) {
    String host = server.strip();
    int scheme = host.indexOf("://");
    host = scheme < 0 ? host : host.substring(scheme + 3);
    int slash = host.indexOf('/');
    host = slash < 0 ? host : host.substring(0, slash);
    return switch (host) {
      case "", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com" ->
          Reference.DEFAULT_HOST;
      default -> host;
    };
  }
}
